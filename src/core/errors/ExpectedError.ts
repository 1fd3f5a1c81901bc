/**
 * A failure that is part of normal life. Its message says what happened and what to do next, and is shown as it is.
 * Anything that is neither one of these nor an AbortError is a bug: logged and reported.
 */
export abstract class ExpectedError extends Error {
  /** Stable, for tests and for programs that read the CLI's JSON. */
  abstract readonly code: string;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** True for what an aborted AbortSignal throws: cancellation is not a failure and is never shown as one. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** For people and logs; also for what was thrown without being an Error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
