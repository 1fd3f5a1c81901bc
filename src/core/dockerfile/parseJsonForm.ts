import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { trimSpaceStart } from "./goSpace";

/**
 * The arguments if they begin with a JSON array of strings; whatever follows it counts for nothing (to newer versions of
 * BuildKit, there is no array then; see operandReadings). What is not JSON is a shell command or a list of words, however
 * much it looks like an array; an array of anything but strings is an error (BuildKit's `parseJSON`).
 */
export function parseJsonForm(args: string, line: number): readonly string[] | undefined {
  const text = trimSpaceStart(args);
  if (!text.startsWith("[")) {
    return undefined;
  }
  const value = parseJson(text.slice(0, endOfArray(text)));
  if (!Array.isArray(value)) {
    return undefined;
  }
  return value.map((item: unknown) => {
    if (typeof item !== "string") {
      throw new DockerfileSyntaxError(line, "an array in JSON form must consist of strings only");
    }
    return item;
  });
}

/** The position after the bracket that closes the first one; brackets in strings close nothing. */
function endOfArray(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.?)*"?|[[\]]/gsu)) {
    depth += token === "[" ? 1 : token === "]" ? -1 : 0;
    if (depth === 0) {
      return index + token.length;
    }
  }
  return text.length;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
