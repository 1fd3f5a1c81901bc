import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { ContextChangedError } from "../../core/errors/imageErrors";
import type { ContextEntry } from "../../core/ports/BuildContext";
import { READ_FLAGS, toReadError } from "./toReadError";

const PIECE_BYTES = 1 << 18;

/**
 * The content of `file` in pieces, each of which is only good until the next is asked for. It ends only when the whole
 * was what was fingerprinted; else it throws ContextChangedError, or BuildContextError when it cannot be read. A file
 * of one piece is given after it was checked.
 */
export async function* readVerified(
  file: string,
  { path, size, sha256 }: ContextEntry & { readonly kind: "file" },
): AsyncGenerator<Uint8Array> {
  const handle = await open(file, READ_FLAGS).catch((error: unknown) => {
    throw toReadError(path, error);
  });
  try {
    const hash = createHash("sha256");
    // One byte more than there should be shows a file that has grown.
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size + 1));
    let total = 0;
    for (let ended = false; !ended;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null).catch((error: unknown) => {
        throw toReadError(path, error);
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
