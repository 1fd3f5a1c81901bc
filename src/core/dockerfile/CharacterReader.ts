/** Reads a text one character (code point) at a time. */
export class CharacterReader {
  readonly #characters: readonly string[];
  #position = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  /** The next character, or undefined at the end. */
  peek(): string | undefined {
    return this.#characters[this.#position];
  }

  /** Returns the next character and goes past it. */
  take(): string | undefined {
    const character = this.peek();
    this.#position += 1;
    return character;
  }

  takeWhile(accepts: (character: string) => boolean): string {
    const start = this.#position;
    for (let next = this.peek(); next !== undefined && accepts(next); next = this.peek()) {
      this.#position += 1;
    }
    return this.#characters.slice(start, this.#position).join("");
  }
}
