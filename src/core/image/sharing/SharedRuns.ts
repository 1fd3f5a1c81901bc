import type { Condensing } from "./EventLog";
import { SharedRun, type StartRun } from "./SharedRun";

export interface FollowOptions<TEvent, TResult> {
  /** Names what is made: for an image, the engine's address and the image's reference. */
  readonly key: string;
  /** Only a run that was asked for with noCache will do. One of those does for everybody, too. */
  readonly noCache?: boolean | undefined;
  /** Ends this caller's share at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Starts the work unless it runs already. It must heed the signal that it is given, never that of a caller: it is
   * aborted only when nobody follows any more.
   */
  readonly start: StartRun<TEvent, TResult>;
  /** Told first to a caller who finds the work running already. */
  readonly joining?: TEvent | undefined;
}

interface Running<TEvent extends object, TResult> {
  readonly key: string;
  readonly noCache: boolean;
  readonly run: SharedRun<TEvent, TResult>;
}

/**
 * One run of the same work at a time, shared by all who ask for it while it goes on: the first starts it, and each gets
 * every event, the result, or a copy of the error. What was written before somebody came is told again; of long output,
 * only the newest million characters, with a word on how much is missing (EventLog).
 *
 * Leaving, by the signal or by leaving the loop over the events, ends only one's own share. When the last leaves, the
 * work is aborted, and that last caller waits for its end; whoever asks meanwhile starts anew. Work does not run more
 * than a quarter of a million characters ahead of whoever follows it fastest.
 */
export class SharedRuns<TEvent extends object, TResult> {
  private readonly running = new Set<Running<TEvent, TResult>>();

  constructor(private readonly condensing: Condensing<TEvent>) {}

  /** Takes part from the first event that is asked for. @returns the result of the work. */
  async *follow(options: FollowOptions<TEvent, TResult>): AsyncGenerator<TEvent, TResult> {
    const { signal, joining } = options;
    signal?.throwIfAborted();
    const found = this.find(options);
    return yield* found === undefined ? this.begin(options).follow(signal, undefined) : found.follow(signal, joining);
  }

  private find({ key, noCache = false }: FollowOptions<TEvent, TResult>): SharedRun<TEvent, TResult> | undefined {
    return [...this.running].find((each) => each.key === key && (each.noCache || !noCache) && each.run.canBeJoined)
      ?.run;
  }

  private begin({ key, noCache = false, start }: FollowOptions<TEvent, TResult>): SharedRun<TEvent, TResult> {
    const run = new SharedRun<TEvent, TResult>({
      start,
      condensing: this.condensing,
      onEnd: () => {
        this.running.delete(running);
      },
    });
    const running = { key, noCache, run };
    this.running.add(running);
    return run;
  }
}
