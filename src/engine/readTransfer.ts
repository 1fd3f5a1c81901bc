import type { BuildEvent } from "../core/ports/BuildEvent";
import { errorOf, parseBuildLine, type BuildLine } from "./build/buildLine";
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
    const { current, total } = line.progressDetail ?? {};
    const message = [line.id, line.status ?? line.stream?.trim()].filter(Boolean).join(": ");
    if (message !== "") {
      yield {
        type: "progress",
        message,
        ...(current === undefined ? {} : { current }),
        ...(total === undefined ? {} : { total }),
      };
    }
  }
  if (!complete) {
    throw fail(undefined);
  }
}
