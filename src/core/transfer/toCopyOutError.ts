import { messageOf } from "../errors/ExpectedError";
import { CopyOutError } from "../errors/transferErrors";

const NO_SPACE = new Set(["ENOSPC", "EDQUOT"]);

/** Whether the file system of this machine said so. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

/** What it means that something could not be written on this machine; anything else is given back as it is. */
export function toCopyOutError(source: string, error: unknown): unknown {
  if (!isSystemError(error)) {
    return error;
  }
  const detail = NO_SPACE.has(error.code)
    ? "there is no space left on this machine. Make room, then try again."
    : `it cannot be written on this machine (${messageOf(error)}). See that you may write there, then try again.`;
  return new CopyOutError(source, detail, { cause: error });
}
