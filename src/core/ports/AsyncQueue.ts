/** Values that are pushed from one side and awaited on the other, in order. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  private readonly values: T[] = [];
  private ended = false;
  private wake: (() => void) | undefined;

  /** @param signal ends the waiting with its reason. */
  constructor(private readonly signal?: AbortSignal) {
    signal?.addEventListener("abort", () => this.wake?.(), { once: true });
  }

  push(value: T): void {
    this.values.push(value);
    this.wake?.();
  }

  /** Nothing more comes; what is there is still read. */
  end(): void {
    this.ended = true;
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      this.signal?.throwIfAborted();
      const value = this.values.shift();
      if (value !== undefined) {
        yield value;
      } else if (this.ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}
