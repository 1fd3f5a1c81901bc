/**
 * Says what is wrong with a glob by the rules of Go's `filepath.Match`, or undefined. The builder asks Go for this
 * verdict before it uses a pattern, so a class such as `[]a]` or `[-x]` is an error although a regular expression could
 * be made of it.
 */
export function checkGlobSyntax(glob: string): string | undefined {
  const characters = Array.from(glob);
  let position = 0;
  while (position < characters.length) {
    const character = characters[position];
    position += 1;
    if (character === "\\") {
      if (position === characters.length) {
        return "nothing follows the last backslash";
      }
      position += 1;
    } else if (character === "[") {
      const end = endOfClass(characters, position);
      if (end === undefined) {
        return "a character class is malformed or not closed";
      }
      position = end;
    }
  }
  return undefined;
}

/** The position after the `]` of the class whose content starts at `start`, or undefined when it is malformed. */
function endOfClass(characters: readonly string[], start: number): number | undefined {
  let position = characters[start] === "^" ? start + 1 : start;
  for (let ranges = 0; ; ranges += 1) {
    if (ranges > 0 && characters[position] === "]") {
      return position + 1;
    }
    const afterLow = endOfBound(characters, position);
    if (afterLow === undefined) {
      return undefined;
    }
    const afterRange = characters[afterLow] === "-" ? endOfBound(characters, afterLow + 1) : afterLow;
    if (afterRange === undefined) {
      return undefined;
    }
    position = afterRange;
  }
}

/** The position after one bound of a range. Something has to follow it: at the least the closing bracket. */
function endOfBound(characters: readonly string[], start: number): number | undefined {
  const first = characters[start];
  if (first === undefined || first === "-" || first === "]") {
    return undefined;
  }
  const end = first === "\\" ? start + 2 : start + 1;
  return end < characters.length ? end : undefined;
}
