import type { ImageStatusTracker } from "../core/status/ImageStatusTracker";

/** In milliseconds; then whoever waits does without. */
const LONGEST_MS = 10_000;

/** Resolves when it is known what is fresh, or that it cannot be known, or has not been for long. */
export async function untilLooked(tracker: ImageStatusTracker): Promise<void> {
  if (tracker.current.state === "unknown") {
    void tracker.refresh();
  }
  if (tracker.fingerprint !== undefined || tracker.current.state !== "checking") {
    return;
  }
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
    const timer = setTimeout(end, LONGEST_MS);
    const subscription = tracker.onDidChange(({ state }) => {
      if (state !== "checking") {
        end();
      }
    });
  });
}
