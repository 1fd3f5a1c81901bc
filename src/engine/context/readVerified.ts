import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { messageOf } from "../../core/errors/ExpectedError";
import { BuildContextError, ContextChangedError } from "../../core/errors/imageErrors";
import type { ContextEntry } from "../../core/ports/BuildContext";

const PIECE_BYTES = 1 << 18;
/** A FIFO or a symlink that has taken the file's place is neither waited for nor followed. Windows knows neither flag. */
const FLAGS =
  constants.O_RDONLY |
  ((constants.O_NONBLOCK as number | undefined) ?? 0) |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0);
/** What opening or reading a file says when there is none any more, or something else in its place. */
const GONE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "EMLINK", "EISDIR"]);

/**
 * The content of `file` in pieces, each of which is only good until the next is asked for. It ends only when the whole
 * was what was fingerprinted; else it throws ContextChangedError, or BuildContextError when it cannot be read. A file
 * of one piece is given after it was checked.
 */
export async function* readVerified(
  file: string,
  { path, size, sha256 }: ContextEntry & { readonly kind: "file" },
): AsyncGenerator<Uint8Array> {
  const handle = await open(file, FLAGS).catch((error: unknown) => {
    throw failureOf(path, error);
  });
  try {
    const hash = createHash("sha256");
    // One byte more than there should be shows a file that has grown.
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size + 1));
    let total = 0;
    for (let ended = false; !ended;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null).catch((error: unknown) => {
        throw failureOf(path, error);
      });
      total += bytesRead;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      // A read that fills the buffer to the last byte says nothing about what follows.
      ended = bytesRead === 0 || total > size || (total === size && bytesRead < buffer.length);
      if (total > size || (ended && (total !== size || hash.digest("hex") !== sha256))) {
        throw new ContextChangedError(path);
      }
      if (bytesRead > 0) {
        yield piece;
      }
    }
  } finally {
    await handle.close();
  }
}

function failureOf(path: string, error: unknown): Error {
  return error instanceof Error && "code" in error && GONE.has(String(error.code))
    ? new ContextChangedError(path)
    : new BuildContextError(path, `cannot be read any more (${messageOf(error)}).`, { cause: error });
}
