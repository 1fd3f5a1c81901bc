import { ExpectedError } from "../core/errors/ExpectedError";

/** What was written on the command line cannot be done as it is. */
export class UsageError extends ExpectedError {
  readonly code = "usage";

  /** @param message what is wrong, as a sentence; where to look it up is added. */
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(`${message} See "slipway --help".`, options);
  }
}
