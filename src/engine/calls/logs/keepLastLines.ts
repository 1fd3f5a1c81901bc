/** A line, or a part of one. */
interface Piece {
  readonly data: Uint8Array;
}

const NEWLINE = 0x0a;
/** So many are held beyond what is wanted before they are looked through. */
const SPARE = 1000;

/**
 * The last `count` lines of what comes. Podman is not asked for them: where they are more than some 32 kB, it cuts lines in
 * two (4.3 and 5.8).
 *
 * @param seen is told of each piece.
 */
export async function keepLastLines<T extends Piece>(
  pieces: AsyncIterable<T>,
  count: number,
  seen: (piece: T) => void = () => undefined,
): Promise<readonly T[]> {
  let kept: T[] = [];
  for await (const piece of pieces) {
    seen(piece);
    kept.push(piece);
    if (kept.length > 2 * count + SPARE) {
      kept = kept.slice(startOfLast(kept, count));
    }
  }
  return kept.slice(startOfLast(kept, count));
}

/** Where the last `count` lines begin. What comes last is the end of a line, whether it has one or not. */
function startOfLast(pieces: readonly Piece[], count: number): number {
  let lines = 0;
  for (let index = pieces.length - 1; index >= 0; index--) {
    if (index === pieces.length - 1 || pieces[index]?.data.at(-1) === NEWLINE) {
      lines++;
    }
    if (lines > count) {
      return index + 1;
    }
  }
  return 0;
}
