import { ShellSyntaxError } from "./ShellSyntaxError";

/** `${value#pattern}` and, greedy, `${value##pattern}`. */
export function removePrefix(value: string, pattern: string, greedy: boolean): string {
  const whole = new RegExp(`^(?:${toRegexSource(pattern)})$`, "u");
  const ends = boundaries(value);
  const end = (greedy ? ends.reverse() : ends).find((candidate) => whole.test(value.slice(0, candidate)));
  return end === undefined ? value : value.slice(end);
}

/** `${value%pattern}` and, greedy, `${value%%pattern}`. */
export function removeSuffix(value: string, pattern: string, greedy: boolean): string {
  const whole = new RegExp(`^(?:${toRegexSource(pattern)})$`, "u");
  const starts = boundaries(value);
  const start = (greedy ? starts : starts.reverse()).find((candidate) => whole.test(value.slice(candidate)));
  return start === undefined ? value : value.slice(0, start);
}

/** `${value/pattern/replacement}` and, for all, `${value//pattern/replacement}`. */
export function replacePattern(value: string, pattern: string, replacement: string, all: boolean): string {
  const source = toRegexSource(pattern);
  if (!all) {
    return value.replace(new RegExp(source, "u"), () => replacement);
  }
  let previousEnd = -1;
  return value.replace(new RegExp(source, "gu"), (match, offset: number) => {
    // Go passes over an empty match right behind another match; JavaScript does not.
    const skipped = match === "" && offset === previousEnd;
    previousEnd = offset + match.length;
    return skipped ? "" : expandTemplate(replacement, match);
  });
}

/** BuildKit replaces all matches with Go's `ReplaceAllString`, to which a dollar in the replacement means a group. */
function expandTemplate(replacement: string, match: string): string {
  return replacement.replace(
    /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (whole, braced?: string, bare?: string) => {
      if (whole === "$$") {
        return "$";
      }
      return (braced ?? bare) === "0" ? match : "";
    },
  );
}

/** The positions between the characters of the text, from its start to its end. */
function boundaries(text: string): number[] {
  const positions = [0];
  for (const character of text) {
    positions.push((positions.at(-1) ?? 0) + character.length);
  }
  return positions;
}

/** Wildcards are `*` and `?` only; BuildKit has no bracket expressions here. */
function toRegexSource(pattern: string): string {
  const characters = Array.from(pattern);
  let source = "";
  for (let position = 0; position < characters.length; position += 1) {
    const character = characters[position] ?? "";
    if (character === "*" || character === "?") {
      source += character === "*" ? "[^\\n]*" : "[^\\n]";
    } else if (character === "\\") {
      const escaped = characters[position + 1] ?? "";
      // A brace and a slash are escaped for the sake of ${} around the pattern, not for the pattern.
      if (escaped !== "}" && escaped !== "/") {
        if (!["*", "?", "\\"].includes(escaped)) {
          throw new ShellSyntaxError(`invalid escape "\\${escaped}" in the pattern "${pattern}"`);
        }
        source += `\\${escaped}`;
        position += 1;
      }
    } else {
      source += /[[\]{}.+()|^$/]/u.test(character) ? `\\${character}` : character;
    }
  }
  return source;
}
