import type { ImageResolution } from "../image/ImageResolution";
import type { JobEvent, JobPhase } from "./JobEvent";

/** How long each part of a job takes, and what has come of it. */
export class PhaseClock {
  private readonly started = performance.now();
  private readonly phases: { readonly phase: JobPhase; readonly durationMs: number }[] = [];
  private exit: (JobEvent & { readonly type: "exit" }) | undefined;

  add(phase: JobPhase, durationMs: number): void {
    this.phases.push({ phase, durationMs });
  }

  /** Times what `events` do; notes the exit that is among them. */
  async *time<E extends JobEvent, R>(phase: JobPhase, events: AsyncGenerator<E, R>): AsyncGenerator<E, R> {
    const started = performance.now();
    try {
      return yield* events;
    } finally {
      this.add(phase, performance.now() - started);
    }
  }

  /** The command's end, for the summary. */
  ended(exit: JobEvent & { readonly type: "exit" }): void {
    this.exit = exit;
  }

  /** @param image undefined while it is not known yet. */
  summary({ wasBuilt, reason }: ImageResolution): JobEvent {
    return {
      type: "summary",
      wasBuilt,
      reason,
      exitCode: this.exit?.code,
      outOfMemory: this.exit?.outOfMemory ?? false,
      phases: this.phases,
      totalMs: performance.now() - this.started,
    };
  }
}
