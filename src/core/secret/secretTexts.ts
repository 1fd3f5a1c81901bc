import type { Secret } from "../redact/Redactor";

/**
 * Shorter values are not hidden: a word of three letters is in every second line of a build, and output in which it is
 * missing everywhere tells more of it than output in which it stands among many.
 */
const SHORTEST_VALUE = 4;
/** Lines of longer texts are what tools show of a file; their short ones are brackets and the like. */
const SHORTEST_LINE = 8;
/** Of a file with more lines, which is no login, only the longest ones: output is searched for each. */
const MOST_LINES = 200;

/** Settings that somebody passes like a secret, and that are in every output. */
const PLAIN_WORDS = new Set(["true", "false", "null", "none"]);

/**
 * What of a secret is to be taken out of a build's output: the value, as it is and as it stands in a URL, or each line
 * where there are several. Bytes that are no UTF-8 are passed over, since output is text.
 */
export function secretTexts(value: Uint8Array): readonly Secret[] {
  const lines = Buffer.from(value)
    .toString("utf8")
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/[\0\uFFFD]/.test(line));
  const texts =
    lines.length === 1
      ? lines.filter(isSecretValue).flatMap((text) => [text, encodeURIComponent(text)])
      : lines.filter(isSecretLine).sort((a, b) => b.length - a.length);
  return [...new Set(texts)].slice(0, MOST_LINES).map((text) => ({ text, shown: "***" }));
}

function isSecretValue(text: string): boolean {
  return text.length >= SHORTEST_VALUE && !PLAIN_WORDS.has(text.toLowerCase());
}

/** A ruler of hyphens is none. */
function isSecretLine(line: string): boolean {
  return line.length >= SHORTEST_LINE && (line.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= SHORTEST_VALUE;
}
