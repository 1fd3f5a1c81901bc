import type { Stats } from "node:fs";
import { comparePaths } from "./comparePaths";
import { ENTRY_KIND, hashAt, isTrustedAt, kindAt, type TableData } from "./ContextTable";
import { permissions } from "./permissions";

/** What an earlier scan has found out about files, in columns; see ContextTable. */
export interface CachedFiles {
  readonly count: number;
  readonly sizes: Float64Array;
  readonly mtimes: Float64Array;
  readonly ctimes: Float64Array;
  readonly inodes: Float64Array;
  readonly modes: Uint16Array;
  readonly hashes: Uint8Array;
  /** In canonical order. */
  readonly pathAt: (index: number) => string;
}

/**
 * The hashes of files that have not changed since an earlier scan: one with the same size, times, inode and mode has the
 * same content. It is asked in canonical order and goes along in its own, so that nothing needs to be indexed.
 */
export class StatCache {
  /** How many answers it had. */
  hits = 0;
  #next = 0;
  #nextPath: string | undefined;

  constructor(private readonly files: CachedFiles) {}

  /** How many files it knows. */
  get count(): number {
    return this.files.count;
  }

  /** @returns the file's hash, or undefined if it must be read. */
  find(path: string, stats: Stats): Uint8Array | undefined {
    const { files } = this;
    while (this.#next < files.count) {
      this.#nextPath ??= files.pathAt(this.#next);
      if (this.#nextPath !== path) {
        if (comparePaths(this.#nextPath, path) > 0) {
          return undefined;
        }
        this.#step();
        continue;
      }
      const index = this.#step();
      const same =
        files.sizes[index] === stats.size &&
        files.mtimes[index] === stats.mtimeMs &&
        files.ctimes[index] === stats.ctimeMs &&
        files.inodes[index] === stats.ino &&
        files.modes[index] === permissions(stats);
      this.hits += same ? 1 : 0;
      return same ? hashAt(files, index) : undefined;
    }
    return undefined;
  }

  #step(): number {
    this.#nextPath = undefined;
    return this.#next++;
  }
}

/** The indices of the entries that may be looked up the next time. */
export function cacheableRows(data: TableData): readonly number[] {
  const rows: number[] = [];
  for (let index = 0; index < data.count; index++) {
    if (kindAt(data, index) === ENTRY_KIND.file && isTrustedAt(data, index)) {
      rows.push(index);
    }
  }
  return rows;
}
