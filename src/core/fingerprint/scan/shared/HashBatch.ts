import { HASH_BYTES, type ReadContent } from "../ContextTable";
import type { FileHasher } from "../FileHasher";
import { permissions } from "../permissions";

/** Files to be hashed, and what was found, as two threads see them. */
export interface HashBatchData {
  /** Absolute path of the context. */
  readonly root: string;
  /** Relative to it. */
  readonly paths: readonly string[];
  /** Of each file its size, mtime, ctime, inode and mode: as lstat gave them, then as they were after it was read. */
  readonly stamps: Float64Array;
  /** 32 bytes for each file. */
  readonly hashes: Uint8Array;
}

const NUMBERS = 5;

type Stamp = Omit<ReadContent, "hash" | "trusted">;

/** Some files of a context. */
export class HashBatch {
  constructor(readonly data: HashBatchData) {}

  /** @param most how many files it will have, at most. */
  static of(root: string, paths: readonly string[], most: number): HashBatch {
    const stamps = new Float64Array(new SharedArrayBuffer(most * NUMBERS * Float64Array.BYTES_PER_ELEMENT));
    const hashes = new Uint8Array(new SharedArrayBuffer(most * HASH_BYTES));
    return new HashBatch({ root, paths, stamps, hashes });
  }

  /** Reads a file. Throws as FileHasher does. */
  read(index: number, hasher: FileHasher): ReadContent {
    const { root, paths } = this.data;
    const path = paths[index] ?? "";
    const { hash, stats, trusted } = hasher.hash(`${root}/${path}`, path, this.#stampOf(index));
    const { size, mtimeMs, ctimeMs, ino } = stats;
    return { size, mtimeMs, ctimeMs, ino, mode: permissions(stats), trusted, hash };
  }

  /** Writes down what was found, for the other thread. */
  put(index: number, found: ReadContent): void {
    this.stamp(index, found);
    this.data.hashes.set(found.hash, index * HASH_BYTES);
  }

  /** What the other thread has written down. */
  get(index: number, trusted: boolean): ReadContent {
    const hash = this.data.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
    const { size, mtimeMs, ctimeMs, ino, mode } = this.#stampOf(index);
    return { size, mtimeMs, ctimeMs, ino, mode, trusted, hash };
  }

  stamp(index: number, { size, mtimeMs, ctimeMs, ino, mode }: Stamp): void {
    const { stamps } = this.data;
    const start = index * NUMBERS;
    stamps[start] = size;
    stamps[start + 1] = mtimeMs;
    stamps[start + 2] = ctimeMs;
    stamps[start + 3] = ino;
    stamps[start + 4] = mode;
  }

  #stampOf(index: number): Stamp {
    const { stamps } = this.data;
    const start = index * NUMBERS;
    return {
      size: stamps[start] ?? 0,
      mtimeMs: stamps[start + 1] ?? 0,
      ctimeMs: stamps[start + 2] ?? 0,
      ino: stamps[start + 3] ?? 0,
      mode: stamps[start + 4] ?? 0,
    };
  }
}
