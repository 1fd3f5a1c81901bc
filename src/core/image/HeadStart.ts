/**
 * Work whose events are not to be told yet, but that has begun: it runs to its first event, and further only where it
 * does so by itself. Whoever has made it stops it in `finally`.
 */
export class HeadStart<TEvent, TResult> {
  readonly #controller = new AbortController();
  readonly #events: AsyncGenerator<TEvent, void>;
  readonly #first: Promise<IteratorResult<TEvent, void>>;
  #result: { readonly value: TResult } | undefined;

  /** @param start is given a signal that also ends when `signal` does. */
  constructor(start: (signal: AbortSignal) => AsyncGenerator<TEvent, TResult>, signal: AbortSignal | undefined) {
    const own = this.#controller.signal;
    this.#events = this.#run(start(signal === undefined ? own : AbortSignal.any([signal, own])));
    this.#first = this.#events.next();
    // A failure is told when its turn comes.
    this.#first.catch(() => undefined);
  }

  /** Waits until there is something to tell, or that cannot be expected soon. */
  async underWay(mostMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, mostMs);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#first.then(end, end);
    });
  }

  /** All events from the first one. To be called once. @returns the result of the work. */
  async *follow(): AsyncGenerator<TEvent, TResult> {
    for (let next = await this.#first; next.done !== true; next = await this.#events.next()) {
      yield next.value;
    }
    if (this.#result === undefined) {
      throw new Error("What had a head start has ended without a result.");
    }
    return this.#result.value;
  }

  /** Ends what has not ended yet, and waits for that. Never rejects: nobody wants the outcome any more. */
  async stop(): Promise<void> {
    this.#controller.abort();
    await this.#first.catch(() => undefined);
    await this.#events.return().catch(() => undefined);
  }

  async *#run(work: AsyncGenerator<TEvent, TResult>): AsyncGenerator<TEvent, void> {
    this.#result = { value: yield* work };
  }
}
