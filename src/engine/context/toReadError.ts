import { constants } from "node:fs";
import { messageOf } from "../../core/errors/ExpectedError";
import { BuildContextError, ContextChangedError } from "../../core/errors/imageErrors";

/** A FIFO or a symlink that has taken the file's place is neither waited for nor followed. Windows knows neither flag. */
export const READ_FLAGS =
  constants.O_RDONLY |
  ((constants.O_NONBLOCK as number | undefined) ?? 0) |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0);

/** What opening or reading a file says when there is none any more, or something else in its place. */
const GONE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "EMLINK", "EISDIR", "EAGAIN"]);

/** What it means that a file of the context, opened with READ_FLAGS, could not be read. */
export function toReadError(path: string, error: unknown): Error {
  return error instanceof Error && "code" in error && GONE.has(String(error.code))
    ? new ContextChangedError(path)
    : new BuildContextError(path, `cannot be read any more (${messageOf(error)}).`, { cause: error });
}
