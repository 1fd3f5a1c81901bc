import type { ImageStatusTracker } from "../core/status/ImageStatusTracker";

/** In milliseconds; then whoever waits does without. */
const LONGEST_MS = 10_000;

/**
 * Resolves when it is known what is fresh, or that it cannot be known, or has not been for long.
 *
 * @param options `anew` looks once more, whatever is known: for who removes images, since a file may have changed just now.
 */
export async function untilLooked(
  tracker: ImageStatusTracker,
  { anew = false }: { readonly anew?: boolean } = {},
): Promise<void> {
  if (anew || tracker.current.state === "unknown") {
    void tracker.refresh();
  }
  if (tracker.current.state !== "checking" || (!anew && tracker.fingerprint !== undefined)) {
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
