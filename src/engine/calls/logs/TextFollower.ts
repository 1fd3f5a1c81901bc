import { keepLastLines } from "./keepLastLines";
import { textLines } from "./textLines";

/** As LogFollower, for the logs of a terminal, which have no entries and so are read from the beginning each time. */
export class TextFollower {
  /** Bytes from the beginning. */
  private given = 0;
  /** What was left at the end of the last reading, and may have been read while it was written. */
  private held: number | undefined;

  /** Whether something was seen that another reading has to confirm. */
  get waits(): boolean {
    return this.held !== undefined;
  }

  /** Begins with the last lines of what is there already. @returns those to give out; the last is left to the next reading. */
  async begin(chunks: AsyncIterable<Uint8Array>, lines: number): Promise<readonly Uint8Array[]> {
    let last = 0;
    const kept = await keepLastLines(textLines(chunks), lines, ({ data }) => {
      this.given += last;
      last = data.length;
    });
    if (lines > 0) {
      return kept.slice(0, -1).map(({ data }) => data);
    }
    this.given += last;
    return [];
  }

  /** @param last nothing more is written: what is there is whole. */
  async *read(chunks: AsyncIterable<Uint8Array>, last: boolean): AsyncGenerator<Uint8Array> {
    const known = this.given;
    let position = 0;
    let { held } = this;
    let pending: Uint8Array | undefined;
    this.held = undefined;
    for await (const { data } of textLines(chunks)) {
      position += data.length;
      const fresh = data.subarray(Math.max(0, data.length - (position - known)));
      if (position <= known) {
        continue;
      }
      if (pending !== undefined) {
        held = undefined;
        this.given += pending.length;
        yield pending;
      }
      pending = fresh;
    }
    if (pending !== undefined && (last || held === pending.length)) {
      this.given += pending.length;
      yield pending;
    } else {
      this.held = pending?.length;
    }
  }
}
