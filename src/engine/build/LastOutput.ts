const MOST_CHARACTERS = 4_000;
const MOST_LINES = 20;

/** Keeps the end of a text that arrives in pieces. */
export class LastOutput {
  private kept = "";

  add(text: string): void {
    this.kept = (this.kept + text).slice(-MOST_CHARACTERS);
  }

  /** The last lines, without a half one at the beginning where there are enough whole ones. */
  toString(): string {
    return this.kept.trimEnd().split("\n").slice(-MOST_LINES).join("\n");
  }
}
