import type { BuildEvent } from "../core/ports/BuildEvent";
import { errorOf, parseBuildLine, progressOf, type BuildLine } from "./build/buildLine";
import { readJsonLines } from "./stream/readJsonLines";

/**
 * What an engine answers while an image travels from or to a registry, as progress.
 *
 * @param fail makes the error to throw of the engine's words for why it failed, or of undefined when the answer is over
 * without a line that `isLastWord`.
 */
export async function* readTransfer(
  lines: AsyncIterable<Uint8Array>,
  fail: (detail: string | undefined) => Error,
  isLastWord: (line: BuildLine) => boolean,
): AsyncGenerator<BuildEvent> {
  let complete = false;
  for await (const value of readJsonLines(lines)) {
    const line = parseBuildLine(value);
    const error = errorOf(line);
    if (error !== undefined) {
      throw fail(error);
    }
    // Each line is shown to it: what counts may be said more than once.
    complete = isLastWord(line) || complete;
    yield* progressOf(line);
  }
  if (!complete) {
    throw fail(undefined);
  }
}
