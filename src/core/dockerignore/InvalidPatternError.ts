/** An ignore pattern that the builder refuses, which fails the whole build there. */
export class InvalidPatternError extends Error {
  override readonly name = "InvalidPatternError";
  readonly pattern: string;

  constructor(pattern: string, reason: string) {
    super(`Invalid ignore pattern "${pattern}": ${reason}`);
    this.pattern = pattern;
  }
}
