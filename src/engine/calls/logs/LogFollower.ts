import type { LogEntry } from "./LogEntry";
import { keepLastLines } from "./keepLastLines";

/** How far back each reading begins before what was seen last: clocks are set back at times. */
const MARGIN_SECONDS = 1;

/**
 * Takes from logs that are read again and again, each time from some second on, what was not there before. It relies on
 * logs being only added to; where there is less than before they were begun anew, and all of it is new.
 */
export class LogFollower {
  /** How many entries are known, by the second in which they were written; only those from which a reading begins. */
  private known = new Map<number, number>();
  private latest: number | undefined;
  /** The last entry of the last reading, which may have been read while it was written. */
  private held: number | undefined;
  private hasShrunk = false;

  /** @param firstSince of the first reading, in milliseconds since 1970. */
  constructor(private readonly firstSince: number | undefined) {}

  /** From when on the next reading must be, in milliseconds since 1970; undefined is from the beginning. */
  get since(): number | undefined {
    return this.latest === undefined
      ? this.firstSince
      : Math.max((this.latest - MARGIN_SECONDS) * 1000, this.firstSince ?? 0);
  }

  /** Whether something was seen that another reading has to confirm. */
  get waits(): boolean {
    return this.held !== undefined || this.hasShrunk;
  }

  /**
   * Begins with the last lines of what is there already. @returns those to give out; the last entry, which may be read while
   * it is written, is left to the next reading.
   *
   * @param entries of a reading from `since` on.
   */
  async begin(entries: AsyncIterable<LogEntry>, lines: number): Promise<readonly LogEntry[]> {
    let last: LogEntry | undefined;
    const kept = await keepLastLines(entries, lines, (entry) => {
      this.note(last);
      last = entry;
    });
    if (lines > 0) {
      return kept.slice(0, -1);
    }
    this.note(last);
    return [];
  }

  /**
   * @param entries of a reading from `since` on.
   * @param last nothing more is written: what is there is whole.
   */
  async *read(entries: AsyncIterable<LogEntry>, last: boolean): AsyncGenerator<LogEntry> {
    const known = [...this.known.values()].reduce((sum, count) => sum + count, 0);
    let index = 0;
    let pending: LogEntry | undefined;
    let held = this.held;
    for await (const entry of entries) {
      if (index++ < known) {
        continue;
      }
      if (pending !== undefined) {
        held = undefined;
        this.note(pending);
        yield pending;
      }
      pending = entry;
    }
    this.held = undefined;
    if (index < known) {
      this.shrink();
    } else {
      this.hasShrunk = false;
    }
    if (pending !== undefined && (last || held === pending.data.length)) {
      this.note(pending);
      yield pending;
    } else if (pending !== undefined) {
      this.held = pending.data.length;
    }
  }

  private note(entry: LogEntry | undefined): void {
    if (entry === undefined) {
      return;
    }
    const { second } = entry;
    this.known.set(second, (this.known.get(second) ?? 0) + 1);
    if (this.latest === undefined || second > this.latest) {
      this.latest = second;
      const from = second - MARGIN_SECONDS;
      this.known = new Map([...this.known].filter(([at]) => at >= from));
    }
  }

  /** Once may be a reading that was cut short. */
  private shrink(): void {
    if (this.hasShrunk) {
      this.known.clear();
      this.latest = undefined;
    }
    this.hasShrunk = !this.hasShrunk;
  }
}
