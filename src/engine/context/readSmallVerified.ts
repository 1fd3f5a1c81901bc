import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { ContextChangedError } from "../../core/errors/imageErrors";
import type { ContextEntry } from "../../core/ports/BuildContext";
import { READ_FLAGS, toReadError } from "./toReadError";

/** Reading so much from a disk's cache, and hashing it, takes a tenth of a millisecond. */
export const SMALL_BYTES = 1 << 16;

// One byte more than there should be shows a file that has grown.
const buffer = Buffer.allocUnsafeSlow(SMALL_BYTES + 1);

/**
 * The whole content of a file of at most SMALL_BYTES, synchronously: for many small files, Node's asynchronous calls
 * take several times as long. It is only good until the next call. Throws as readVerified does.
 */
export function readSmallVerified(
  file: string,
  { path, size, sha256 }: ContextEntry & { readonly kind: "file" },
): Uint8Array {
  const length = readStart(file, path, size + 1);
  const content = buffer.subarray(0, length);
  if (length !== size || createHash("sha256").update(content).digest("hex") !== sha256) {
    throw new ContextChangedError(path);
  }
  return content;
}

/** Reads at most so many bytes into the buffer. @returns how many there were. */
function readStart(file: string, path: string, most: number): number {
  try {
    const descriptor = openSync(file, READ_FLAGS);
    try {
      let length = 0;
      for (;;) {
        const read = readSync(descriptor, buffer, length, most - length, null);
        length += read;
        // Most often all but the byte too many come at once, and asking again could only say that this was the end.
        if (read === 0 || length >= most - 1) {
          return length;
        }
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw toReadError(path, error);
  }
}
