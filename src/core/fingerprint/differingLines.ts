import { TimeSlices } from "../TimeSlices";

export interface DifferingLines {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * What of the lines of a text is not among others, and the other way round, each in its own order; of lines that are
 * there several times, as many as there are more. Made for lists in the same order that are nearly the same: those that
 * stand side by side are compared where they are. Of many, a few are at a time.
 *
 * @param text each of its lines ends with a line feed, or it throws.
 * @param after lines without their ends.
 */
export async function differingLines(text: string, after: readonly string[]): Promise<DifferingLines> {
  const slices = new TimeSlices();
  const onlyBefore: string[] = [];
  const onlyAfter: string[] = [];
  let next = 0;
  for (let start = 0; start < text.length;) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    const line = after[next];
    if (line !== undefined && isLineAt(text, line, start)) {
      start += line.length + 1;
      next++;
      continue;
    }
    // A line that has been added, or one that is gone, keeps the others from standing side by side only for a moment.
    const following = after[next + 1];
    if (line !== undefined && following !== undefined && isLineAt(text, following, start)) {
      onlyAfter.push(line);
      next++;
      continue;
    }
    const end = text.indexOf("\n", start);
    if (end < 0) {
      throw new Error("the last line is cut off");
    }
    onlyBefore.push(text.slice(start, end));
    start = end + 1;
    if (line !== undefined && !isLineAt(text, line, start)) {
      onlyAfter.push(line);
      next++;
    }
  }
  onlyAfter.push(...after.slice(next));
  return { before: await without(onlyBefore, onlyAfter), after: await without(onlyAfter, onlyBefore) };
}

function isLineAt(text: string, line: string, start: number): boolean {
  return text.startsWith(line, start) && text[start + line.length] === "\n";
}

/** The lines that are left when each of the others takes away one that is the same. */
async function without(lines: readonly string[], others: readonly string[]): Promise<readonly string[]> {
  const slices = new TimeSlices();
  const counts = new Map<string, number>();
  for (const line of others) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const left: string[] = [];
  for (const line of lines) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    const count = counts.get(line) ?? 0;
    if (count === 0) {
      left.push(line);
    } else {
      counts.set(line, count - 1);
    }
  }
  return left;
}
