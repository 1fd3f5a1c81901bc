import { setImmediate } from "node:timers/promises";

/** How long the event loop is kept busy at a time, in milliseconds: others, such as the builder, want answers, too. */
const SLICE_MS = 8;

/** For synchronous work that would take long in one go: `if (slice.isOver()) await slice.next();` */
export class TimeSlice {
  private end = performance.now() + SLICE_MS;

  isOver(): boolean {
    return performance.now() >= this.end;
  }

  /** Lets the event loop run, and begins anew. */
  async next(): Promise<void> {
    await setImmediate();
    this.end = performance.now() + SLICE_MS;
  }
}
