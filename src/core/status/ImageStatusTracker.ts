import { ExpectedError, isAbortError, messageOf } from "../errors/ExpectedError";
import { EngineLostError, EngineTimeoutError, EngineUnavailableError } from "../errors/engineErrors";
import type { ImageDecision } from "../image/ImageResolution";
import type { JobEvent } from "../job/JobEvent";
import { Emitter } from "../Emitter";
import type { ImageStatus } from "./ImageStatus";

/** Knows how the workspace's image stands: by looking when asked to, and by following the jobs that go by. */
export class ImageStatusTracker {
  private readonly changed = new Emitter<ImageStatus>();
  private status: ImageStatus = { state: "unknown" };
  private checking: AbortController | undefined;
  private jobs = 0;
  private lastFingerprint: string | undefined;
  /** Something may have changed while a job ran. */
  private outdated = false;

  /** @param check looks whether the image is fresh; see checkImage. */
  constructor(private readonly check: (signal: AbortSignal) => Promise<ImageDecision>) {}

  get current(): ImageStatus {
    return this.status;
  }

  /**
   * Of the files as they were when they were looked at last, by a look or a job; undefined where that is not known, or
   * where nothing is built.
   */
  get fingerprint(): string | undefined {
    return this.lastFingerprint;
  }

  onDidChange(listener: (status: ImageStatus) => void): { dispose(): void } {
    return this.changed.on(listener);
  }

  /** Looks again, instead of a look that is under way: that one may have missed what changed. Never rejects. */
  async refresh(): Promise<void> {
    this.checking?.abort();
    if (this.jobs > 0) {
      // The job itself tells; its end looks again.
      this.outdated = true;
      return;
    }
    const controller = new AbortController();
    this.checking = controller;
    this.outdated = false;
    this.set({ state: "checking" });
    try {
      const decision = await this.check(controller.signal);
      if (!controller.signal.aborted) {
        this.lastFingerprint = decision.fingerprint;
        this.set(statusOf(decision));
      }
    } catch (error) {
      if (!controller.signal.aborted) {
        this.lastFingerprint = undefined;
        this.set({ state: isEngineAway(error) ? "no-engine" : "unavailable", reason: messageOf(error) });
      }
    }
  }

  /**
   * Passes a job's events on and follows the image through them. What comes after the image, such as a task that runs for
   * hours, keeps nobody from looking again.
   */
  async *follow(events: AsyncIterable<JobEvent>): AsyncGenerator<JobEvent> {
    this.checking?.abort();
    this.jobs++;
    const before = this.status;
    let imageSettled = false;
    let counted = 1;
    const endImage = (): void => {
      this.jobs -= counted;
      counted = 0;
      if (this.jobs === 0 && this.outdated) {
        void this.refresh();
      }
    };
    try {
      for await (const event of events) {
        imageSettled = imageSettled || event.type === "image";
        this.observe(event);
        if (event.type === "image") {
          endImage();
        }
        yield event;
      }
    } catch (error) {
      if (!imageSettled && !isAbortError(error)) {
        const build = this.status.state === "building" && error instanceof ExpectedError;
        const away = isEngineAway(error) ? "no-engine" : "unavailable";
        this.set({ state: build && away === "unavailable" ? "failed" : away, reason: messageOf(error) });
        imageSettled = true;
      }
      throw error;
    } finally {
      if (!imageSettled) {
        // What came to no end says nothing once it is over, unless the job that builds still runs.
        const others = this.jobs - counted;
        const over = before.state === "checking" || (before.state === "building" && others === 0);
        this.set(over ? { state: "unknown" } : before);
        this.outdated ||= over;
      }
      endImage();
    }
  }

  dispose(): void {
    this.checking?.abort();
  }

  private observe(event: JobEvent): void {
    switch (event.type) {
      case "decision":
        this.lastFingerprint = event.decision.fingerprint;
        this.set(event.willBuild ? { state: "building", step: undefined } : statusOf(event.decision));
        return;
      case "build":
        if (this.status.state === "building" && event.event.type === "step" && event.event.state === "started") {
          this.set({ state: "building", step: event.event.name });
        }
        return;
      case "image": {
        const { reference, reason, fingerprint, wasBuilt } = event.resolution;
        this.lastFingerprint = fingerprint;
        this.set(
          fingerprint === undefined
            ? { state: "given", reference, reason }
            : { state: "fresh", reason: wasBuilt ? `built: ${reason}` : reason },
        );
        return;
      }
      case "container":
      case "step-started":
      case "step-ended":
      case "paused":
      case "output":
      case "transfer":
      case "kept":
      case "exit":
      case "warning":
      case "summary":
        return;
    }
  }

  private set(status: ImageStatus): void {
    this.status = status;
    this.changed.emit(status);
  }
}

function isEngineAway(error: unknown): boolean {
  return [EngineUnavailableError, EngineLostError, EngineTimeoutError].some((kind) => error instanceof kind);
}

function statusOf({ state, reason, changes, reference }: ImageDecision): ImageStatus {
  switch (state) {
    case "fresh":
    case "absent":
      return { state, reason };
    case "stale":
      return { state, reason, changes: changes.length };
    case "given":
      return { state, reference, reason };
  }
}
