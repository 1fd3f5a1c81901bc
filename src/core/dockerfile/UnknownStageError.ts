/** A target that is neither the name nor the index of a stage. */
export class UnknownStageError extends Error {
  override readonly name = "UnknownStageError";
  readonly target: string;
  /** The names of the stages there are, or the index of those without a name. */
  readonly available: readonly string[];

  constructor(target: string, available: readonly string[]) {
    super(`The Dockerfile has no stage "${target}". Its stages are: ${available.join(", ")}.`);
    this.target = target;
    this.available = available;
  }
}
