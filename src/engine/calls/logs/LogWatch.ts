import { pause } from "../pause";

/** Between two readings, so that what comes together is read together. */
const LEAST_PAUSE_MS = 50;
/** Reading takes as long as the logs are long, and is not to keep the engine busy: this many times as long is waited. */
const PAUSE_PER_COST = 3;
/** After this, what was seen last is looked at again. */
const SOON_MS = 150;
/** Nothing was told for that long: it is looked all the same. */
const IDLE_MS = 2_000;

/** Tells when there may be something new in logs, from following them. */
export class LogWatch {
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private told = false;
  private ended = false;
  private failure: { readonly error: unknown } | undefined;
  private wake: (() => void) | undefined;

  /** @param follow begins to follow; the answer may come with the first line only. */
  constructor(
    private readonly follow: (signal: AbortSignal) => Promise<AsyncIterable<unknown>>,
    signal: AbortSignal | undefined,
  ) {
    this.signal = signal === undefined ? this.stop.signal : AbortSignal.any([signal, this.stop.signal]);
    void this.watch();
  }

  /** Whether following came to an end, as it does when the container has ended. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /**
   * Resolved when it is time for another reading. Rejects as following does, and with the signal's reason.
   *
   * @param options.soon the last reading left something that must be confirmed.
   * @param options.costMs how long the last reading took.
   */
  async next({ soon, costMs }: { readonly soon: boolean; readonly costMs: number }): Promise<void> {
    const least = Math.max(LEAST_PAUSE_MS, costMs * PAUSE_PER_COST);
    await this.untilTold(Math.max(soon ? SOON_MS : IDLE_MS, least));
    this.signal.throwIfAborted();
    if (!this.ended && this.failure === undefined) {
      await pause(least, this.signal);
    }
    if (this.failure !== undefined) {
      throw this.failure.error;
    }
  }

  close(): void {
    this.stop.abort();
  }

  private async untilTold(ms: number): Promise<void> {
    if (!this.told) {
      const waiting = new AbortController();
      this.wake = () => {
        waiting.abort();
      };
      await pause(ms, AbortSignal.any([this.signal, waiting.signal])).catch(() => undefined);
      this.wake = undefined;
    }
    this.told = this.ended || this.failure !== undefined;
  }

  private async watch(): Promise<void> {
    try {
      const lines = (await this.follow(this.signal))[Symbol.asyncIterator]();
      while ((await lines.next()).done !== true) {
        this.tell();
      }
      this.ended = true;
    } catch (error) {
      this.failure = { error };
    }
    this.tell();
  }

  private tell(): void {
    this.told = true;
    this.wake?.();
  }
}
