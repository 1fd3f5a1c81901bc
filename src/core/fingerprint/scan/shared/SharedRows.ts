/** The same rows as two threads see them. */
export interface SharedRowsData {
  readonly control: Int32Array;
  /** What has come of each row; 0 as long as nothing has. */
  readonly states: Uint8Array;
}

/** What is in `control`. */
const NEXT = 0;
const PROGRESS = 1;
const CLOSED = 2;
/** A thread that does not get on for so long is not waited for. */
const STALLED_MS = 200;

const NOT_DONE = 0;

/**
 * Rows that two threads work on, each taking the next few until there are none left. Nothing depends on the other thread:
 * if it comes late there is nothing left for it, and what it has taken and does not get done, this one does again.
 */
export class SharedRows {
  /** @param step how many rows are taken at once. */
  constructor(
    readonly data: SharedRowsData,
    private readonly step: number,
  ) {}

  static of(count: number, step: number): SharedRows {
    const control = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
    return new SharedRows({ control, states: new Uint8Array(new SharedArrayBuffer(count)) }, step);
  }

  get isClosed(): boolean {
    return Atomics.load(this.data.control, CLOSED) !== 0;
  }

  /** Whether there is something of each row. */
  get isDone(): boolean {
    return !this.data.states.includes(NOT_DONE);
  }

  /** What has come of a row; 0 as long as nothing has. What was written for it before can be read from then on. */
  stateOf(row: number): number {
    return Atomics.load(this.data.states, row);
  }

  /** Nothing more is to be done: whoever works on them ends at the next row. */
  close(): void {
    Atomics.store(this.data.control, CLOSED, 1);
  }

  /** Tells whoever waits that work gets on. */
  progress(): void {
    Atomics.add(this.data.control, PROGRESS, 1);
    Atomics.notify(this.data.control, PROGRESS);
  }

  /** @param work what is to be done for a row. @returns what has come of it, from 1 to 255. */
  work(work: (row: number) => number): void {
    const { control, states } = this.data;
    while (!this.isClosed) {
      const start = Atomics.add(control, NEXT, this.step);
      if (start >= states.length) {
        return;
      }
      for (let row = start; row < Math.min(start + this.step, states.length); row++) {
        Atomics.store(states, row, work(row));
      }
      this.progress();
    }
  }

  /**
   * Waits until the other thread is done with what it has taken, or does not get on.
   *
   * @param checkpoint is called now and then; may throw.
   */
  wait(checkpoint: () => void): void {
    const { control } = this.data;
    for (;;) {
      checkpoint();
      const seen = Atomics.load(control, PROGRESS);
      if (this.isDone || Atomics.wait(control, PROGRESS, seen, STALLED_MS) === "timed-out") {
        return;
      }
    }
  }
}
