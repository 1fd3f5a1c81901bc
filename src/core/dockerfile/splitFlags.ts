import { isSpace } from "./goSpace";

/**
 * Takes the words starting with `--` off the front of an instruction's arguments; a word that is just `--` ends them.
 * Quotes group and vanish, and a backslash escapes whatever `# escape=` says (BuildKit's `extractBuilderFlags`).
 */
export function splitFlags(text: string): { readonly flags: readonly string[]; readonly rest: string } {
  const flags: string[] = [];
  let position = skipSpaces(text, 0);
  while (text.startsWith("--", position)) {
    const { word, quoted, end } = readWord(text, position);
    position = skipSpaces(text, end);
    if (word === "--") {
      break;
    }
    if (quoted || word !== "") {
      flags.push(word);
    }
  }
  return { flags, rest: text.slice(position) };
}

function readWord(
  text: string,
  start: number,
): { readonly word: string; readonly quoted: boolean; readonly end: number } {
  let word = "";
  let quoted = false;
  let quote: string | undefined;
  let position = start;
  for (; position < text.length; position += 1) {
    const character = text.charAt(position);
    if (quote === undefined && isSpace(character)) {
      break;
    }
    if (character === "\\") {
      position += 1;
      word += text.charAt(position);
    } else if (character === quote) {
      quote = undefined;
    } else if (quote === undefined && (character === "'" || character === '"')) {
      quote = character;
      quoted = true;
    } else {
      word += character;
    }
  }
  return { word, quoted, end: Math.min(position, text.length) };
}

function skipSpaces(text: string, start: number): number {
  let position = start;
  while (position < text.length && isSpace(text.charAt(position))) {
    position += 1;
  }
  return position;
}
