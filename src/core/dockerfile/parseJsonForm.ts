import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { trimSpaceStart } from "./goSpace";

/**
 * The arguments if they are a JSON array of strings. What is not JSON is a shell command or a list of words, however
 * much it looks like an array; an array of anything but strings is an error (BuildKit's `parseJSON`).
 */
export function parseJsonForm(args: string, line: number): readonly string[] | undefined {
  if (!trimSpaceStart(args).startsWith("[")) {
    return undefined;
  }
  const value = parseJson(trimSpaceStart(args));
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
