import { copyError } from "./copyError";
import { EventLog, type Condensing, type LogReader } from "./EventLog";
import { Pulse } from "./Pulse";

/** How far what runs may be ahead of those who follow it, in characters. */
const MOST_AHEAD = 1 << 18;

/** Does the work; the signal ends it. */
export type StartRun<TEvent, TResult> = (signal: AbortSignal) => AsyncGenerator<TEvent, TResult>;

type Outcome<TResult> =
  { readonly kind: "result"; readonly result: TResult } | { readonly kind: "failure"; readonly error: unknown };

export interface SharedRunOptions<TEvent, TResult> {
  readonly start: StartRun<TEvent, TResult>;
  readonly condensing: Condensing<TEvent>;
  /** Called before anybody learns the outcome. */
  readonly onEnd: () => void;
}

/** Something that runs once for all who follow it, and is aborted when the last of them has left. */
export class SharedRun<TEvent extends object, TResult> {
  private readonly controller = new AbortController();
  private readonly log: EventLog<TEvent>;
  private readonly readers = new Set<LogReader<TEvent>>();
  private readonly written = new Pulse();
  private readonly read = new Pulse();
  private readonly ended: Promise<void>;
  private outcome: Outcome<TResult> | undefined;

  constructor({ start, condensing, onEnd }: SharedRunOptions<TEvent, TResult>) {
    this.log = new EventLog(condensing);
    this.ended = this.work(start).then((outcome) => {
      this.outcome = outcome;
      onEnd();
      this.written.beat();
    });
  }

  /** Whether there is still something to follow. */
  get canBeJoined(): boolean {
    return this.outcome === undefined && !this.controller.signal.aborted;
  }

  /** Everything from the beginning, after `first`; see SharedRuns.follow. */
  async *follow(signal: AbortSignal | undefined, first: TEvent | undefined): AsyncGenerator<TEvent, TResult> {
    const reader = this.log.reader();
    this.readers.add(reader);
    try {
      if (first !== undefined) {
        yield first;
      }
      for (;;) {
        signal?.throwIfAborted();
        const event = reader.next();
        if (event !== undefined) {
          this.read.beat();
          yield event;
        } else if (this.outcome !== undefined) {
          return this.resultOf(this.outcome);
        } else {
          await this.written.wait(signal);
        }
      }
    } finally {
      this.readers.delete(reader);
      this.read.beat();
      if (this.readers.size === 0 && this.outcome === undefined) {
        this.controller.abort(signal?.reason);
        // Whoever leaves work of its own waits for its cleaning up, too; a process may end right after.
        await this.ended;
      }
    }
  }

  private resultOf(outcome: Outcome<TResult>): TResult {
    switch (outcome.kind) {
      case "result":
        return outcome.result;
      case "failure":
        throw copyError(outcome.error);
    }
  }

  private async work(start: StartRun<TEvent, TResult>): Promise<Outcome<TResult>> {
    const { signal } = this.controller;
    const end: { result?: Outcome<TResult> } = {};
    const events = (async function* (): AsyncGenerator<TEvent, void> {
      end.result = { kind: "result", result: yield* start(signal) };
    })();
    try {
      for await (const event of events) {
        this.log.push(event);
        this.written.beat();
        while (!signal.aborted && this.isFarAhead()) {
          await this.read.wait(signal);
        }
        // The signal has told what runs already; this ends what takes no notice of it.
        signal.throwIfAborted();
      }
      return end.result ?? { kind: "failure", error: new Error("What ran has ended without a result.") };
    } catch (error) {
      return { kind: "failure", error };
    }
  }

  /** The fastest sets the pace: one that does not read at all holds nobody up but itself. */
  private isFarAhead(): boolean {
    return this.readers.size > 0 && [...this.readers].every((reader) => reader.behind() > MOST_AHEAD);
  }
}
