const LONGEST = 200;

/**
 * A name or a value that somebody else has chosen, for a line of text: without what would break the line or be taken for
 * a command by a terminal, and not too long.
 *
 * @param most how many characters of it.
 */
export function showText(text: string, most = LONGEST): string {
  const whole = text.length > most ? `${text.slice(0, most)}…` : text;
  // Control characters, the line separators of Unicode, and what changes the direction of writing.
  return whole.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}

/** "1 file", "2 files", "12,345 files". */
export function countOf(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
}
