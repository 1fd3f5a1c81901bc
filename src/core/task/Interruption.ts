/** What runs, and can be ended. */
export interface Stoppable {
  /** Resolves once nothing of it runs any more. Rejects where that cannot be had. */
  stop(): Promise<void>;
  /** Ends the connection to its streams. */
  letGo(): void;
}

export interface InterruptionOptions {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly graceMs: number;
}

/** How long the engine may take for all of it, beyond the grace. */
const STOP_WITHIN_MS = 12_000;
/** Output of what was stopped may come a little later than its end, or never end where it was handed to something else. */
const DRAIN_WITHIN_MS = 1_000;

/** What ends a step before its time: the signal, or the time that it may take. */
export class Interruption {
  private readonly givingUp = new AbortController();
  private step: Stoppable | undefined;
  private stopping: Promise<void> | undefined;
  private timedOut = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: InterruptionOptions) {
    options.signal?.addEventListener("abort", this.cancel, { once: true });
  }

  /** Aborted when the step cannot be stopped in time, too; the waiting for it ends then. */
  get giveUp(): AbortSignal {
    return this.givingUp.signal;
  }

  /** The time of a step begins when it runs. */
  begin(step: Stoppable): void {
    this.step = step;
    const { signal, timeoutMs } = this.options;
    if (signal?.aborted === true) {
      this.stop();
    } else if (timeoutMs !== undefined) {
      this.timer = setTimeout(() => {
        this.timedOut = true;
        this.stop();
      }, timeoutMs);
    }
  }

  /**
   * To be called when the step has ended, in whatever way. Rejects when it was to be stopped, and that failed. @returns
   * whether it was stopped since it took too long.
   */
  async end(): Promise<boolean> {
    clearTimeout(this.timer);
    await this.stopping;
    if (this.step === undefined && this.givingUp.signal.aborted) {
      throw new Error("The engine did not answer in time.");
    }
    return this.timedOut;
  }

  /** @param stop the step has not come to its end, and nobody waits for that any more. */
  async release({ stop }: { readonly stop: boolean }): Promise<void> {
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener("abort", this.cancel);
    if (stop) {
      // An engine would wait for whoever reads the output of a program that has ended.
      this.step?.letGo();
      this.stop();
      // It is over in one way or the other; a failure of this must not hide what led here.
      await this.stopping?.catch(() => undefined);
    }
    this.step?.letGo();
    this.timers.forEach(clearTimeout);
  }

  private readonly cancel = (): void => {
    const { signal, graceMs } = this.options;
    this.after(graceMs + STOP_WITHIN_MS, () => {
      this.givingUp.abort(signal?.reason);
    });
    this.stop();
  };

  private stop(): void {
    const { step } = this;
    if (step === undefined) {
      return;
    }
    this.stopping ??= step.stop().finally(() => {
      this.after(DRAIN_WITHIN_MS, () => {
        step.letGo();
      });
    });
    // Whoever waits for it gets the failure.
    this.stopping.catch(() => undefined);
  }

  private after(ms: number, action: () => void): void {
    this.timers.add(setTimeout(action, ms));
  }
}
