import * as crypto from "node:crypto";
import { constants, type Stats } from "node:fs";
import { ContextChangedError } from "../../errors/imageErrors";
import { MOST_ATTEMPTS } from "../startOver";
import type { FileCalls } from "./FileCalls";
import { isRacy } from "./isRacy";
import { onFile } from "./onFile";

const CHUNK_BYTES = 1 << 20;
const LEAST_BYTES = 4_096;
/** Quicker than an object for each small file; Node 20 has it since 20.12. */
const hashOnce = "hash" in crypto ? crypto.hash : undefined;
const POSIX = process.platform !== "win32";
/** Should something else have taken the file's place meanwhile: a FIFO would be waited for, a link followed. */
const READ_FILE = POSIX ? constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW : "r";

/** What tells that a file was changed while it was read. */
export type FileStamp = Pick<Stats, "size" | "mtimeMs" | "ctimeMs" | "ino">;

export interface HashedFile {
  /** SHA-256 of the content. */
  readonly hash: Uint8Array;
  /** Of the file that was read, after it was read. */
  readonly stats: Stats;
  /** Whether these stats stand for this content from now on. */
  readonly trusted: boolean;
}

/** Hashes files with one buffer for all of them. */
export class FileHasher {
  #buffer: Buffer | undefined;

  /** @param checkpoint is called between the pieces of a large file, and may throw. */
  constructor(
    private readonly calls: FileCalls,
    private readonly checkpoint: () => void,
  ) {}

  /**
   * Hashes a file whole, again if it changes meanwhile. Throws ContextChangedError when it does not come to rest, or is
   * no file any more, and BuildContextError when it cannot be read.
   *
   * @param file its absolute path.
   * @param path how messages name it.
   * @param stats what lstat has just said of it.
   */
  hash(file: string, path: string, stats: FileStamp): HashedFile {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const found = this.#hashOnce(file, path, attempt === 1 ? stats : undefined);
      if (found !== undefined) {
        return found;
      }
    }
    throw new ContextChangedError(path);
  }

  #hashOnce(file: string, path: string, stats: FileStamp | undefined): HashedFile | undefined {
    const readAt = Date.now();
    const descriptor = onFile(path, () => this.calls.open(file, READ_FILE));
    try {
      const before = stats ?? this.calls.fstat(descriptor);
      const { hash, length } = this.#read(descriptor, path, before.size);
      const after = this.calls.fstat(descriptor);
      if (!after.isFile()) {
        throw new ContextChangedError(path);
      }
      // What the kernel makes up while it is read (/proc) has no size, and a new time at each look.
      const madeUp = before.size === 0 && after.size === 0 && length > 0;
      return madeUp || (length === after.size && isUntouched(before, after))
        ? { hash, stats: after, trusted: !madeUp && Number.isSafeInteger(length) && !isRacy(after, readAt) }
        : undefined;
    } finally {
      this.calls.close(descriptor);
    }
  }

  #read(descriptor: number, path: string, size: number): { readonly hash: Uint8Array; readonly length: number } {
    const buffer = (this.#buffer ??= Buffer.allocUnsafeSlow(CHUNK_BYTES));
    let hash: crypto.Hash | undefined;
    let length = 0;
    for (;;) {
      // More than there should be: to get less than was asked for is the end of a file that has a size.
      const wanted = Math.min(CHUNK_BYTES, Math.max(size - length + 1, LEAST_BYTES));
      const got = onFile(path, () => this.calls.read(descriptor, buffer, wanted));
      length += got;
      const piece = buffer.subarray(0, got);
      const isEnd = got === 0 || (got < wanted && size > 0 && length >= size);
      if (isEnd && hash === undefined && hashOnce !== undefined) {
        return { hash: Buffer.from(hashOnce("sha256", piece, "hex"), "hex"), length };
      }
      hash ??= crypto.createHash("sha256");
      hash.update(piece);
      if (isEnd) {
        return { hash: hash.digest(), length };
      }
      this.checkpoint();
    }
  }
}

/** Windows may tell another inode of a name than of an open file. */
function isUntouched(before: FileStamp, after: FileStamp): boolean {
  return (
    before.size === after.size &&
    before.mtimeMs === after.mtimeMs &&
    before.ctimeMs === after.ctimeMs &&
    (!POSIX || before.ino === after.ino)
  );
}
