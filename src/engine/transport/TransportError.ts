import type { EngineProblem } from "../../core/errors/engineErrors";

/** There is no way to the engine, and why. Becomes an EngineLostError or a failed attempt, which know the engine's name. */
export class TransportError extends Error {
  constructor(
    readonly problem: EngineProblem,
    /** For people: a clause without a full stop, with what to do where that is known. */
    readonly detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(detail, options);
  }
}
