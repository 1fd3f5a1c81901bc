/**
 * White space as Go's `unicode.IsSpace` sees it. JavaScript's `\s` adds U+FEFF and leaves U+0085 out, so it would trim
 * patterns and instructions differently from the builder.
 */
const SPACE = "\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const ONE_SPACE = new RegExp(`^[${SPACE}]$`, "u");
const LEADING_SPACE = new RegExp(`^[${SPACE}]+`, "u");
const ANY_SPACE = new RegExp(`[${SPACE}]`, "u");

export function isSpace(character: string): boolean {
  return ONE_SPACE.test(character);
}

/** Go's `strings.TrimLeftFunc(text, unicode.IsSpace)`. */
export function trimSpaceStart(text: string): string {
  return text.replace(LEADING_SPACE, "");
}

/** Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  let end = text.length;
  // A loop, because a regular expression anchored only at the end takes quadratic time on long runs of spaces.
  while (end > 0 && ANY_SPACE.test(text.charAt(end - 1))) {
    end -= 1;
  }
  return trimSpaceStart(text.slice(0, end));
}

/** The line without its line feed and the carriage returns around it. */
export function trimLineEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === "\n" || line[end - 1] === "\r")) {
    end -= 1;
  }
  return line.slice(0, end);
}
