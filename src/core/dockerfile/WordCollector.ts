import { isSpace } from "./goSpace";

/** Splits text into words while it is produced: spaces that come from quotes or escapes do not end a word. */
export class WordCollector {
  readonly #words: string[] = [];
  #word = "";

  /** Adds text whose spaces separate words. */
  add(text: string): void {
    for (const character of text) {
      if (isSpace(character)) {
        this.#endWord();
      } else {
        this.#word += character;
      }
    }
  }

  /** Adds text as a part of the current word, whatever it contains. */
  addRaw(text: string): void {
    this.#word += text;
  }

  finish(): readonly string[] {
    this.#endWord();
    return this.#words;
  }

  #endWord(): void {
    if (this.#word !== "") {
      this.#words.push(this.#word);
      this.#word = "";
    }
  }
}
