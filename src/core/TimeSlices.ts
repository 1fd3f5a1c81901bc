import { setImmediate } from "node:timers/promises";

/** How long the event loop is kept busy at a time, in milliseconds. */
const SLICE_MS = 5;
/** Looking at the clock for every item would take longer than many an item. */
const STEPS_PER_LOOK = 64;

/** Lets the event loop run now and then during long work on this thread. */
export class TimeSlices {
  #end = performance.now() + SLICE_MS;
  #steps = 0;

  /** @param stepsPerLook how many items are done before the clock is looked at: 1 where each of them asks the file system. */
  constructor(private readonly stepsPerLook = STEPS_PER_LOOK) {}

  /**
   * Call it before each item.
   *
   * @returns a promise to be awaited if it is time for others; else undefined, since awaiting each time takes far longer.
   */
  pause(): Promise<void> | undefined {
    this.#steps++;
    return this.#steps % this.stepsPerLook === 0 && performance.now() >= this.#end ? this.#letOthers() : undefined;
  }

  async #letOthers(): Promise<void> {
    await setImmediate();
    this.#end = performance.now() + SLICE_MS;
  }
}
