import type { EscapeCharacter } from "./Dockerfile";
import { isSpace } from "./goSpace";

/**
 * Splits the arguments of ARG, ENV and LABEL at spaces that are neither quoted nor escaped (BuildKit's `parseWords`).
 * Quotes and escapes stay in the words: expandVariables removes them when it replaces variables.
 */
export function splitWords(text: string, escape: EscapeCharacter): readonly string[] {
  const characters = Array.from(text);
  const words: string[] = [];
  let word = "";
  let quote: string | undefined;
  const endWord = (): void => {
    if (word !== "") {
      words.push(word);
      word = "";
    }
  };
  for (let position = 0; position < characters.length; position += 1) {
    const character = characters[position] ?? "";
    if (quote === undefined && isSpace(character)) {
      endWord();
    } else if (character === escape && quote !== "'") {
      const escaped = characters[position + 1];
      // An escape character at the very end counts for nothing.
      word += escaped === undefined ? "" : character + escaped;
      position += 1;
    } else {
      if (quote === undefined) {
        quote = character === "'" || character === '"' ? character : undefined;
      } else if (character === quote) {
        quote = undefined;
      }
      word += character;
    }
  }
  endWord();
  return words;
}
