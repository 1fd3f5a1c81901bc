import type { CharacterReader } from "./CharacterReader";

/** POSIX calls these special parameters. They have no value in a Dockerfile, yet they are names. */
const SPECIAL_PARAMETERS = new Set(["@", "*", "#", "?", "-", "$", "!"]);

/** Reads digits, one special parameter, or letters, digits and underscores; empty if none of them comes next. */
export function readVariableName(reader: CharacterReader): string {
  const first = reader.peek() ?? "";
  if (SPECIAL_PARAMETERS.has(first)) {
    reader.take();
    return first;
  }
  const allowed = /\p{Nd}/u.test(first) ? /\p{Nd}/u : /[\p{L}\p{Nd}_]/u;
  return reader.takeWhile((character) => allowed.test(character));
}
