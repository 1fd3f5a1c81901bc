import type { Stats } from "node:fs";
import { comparePaths } from "./comparePaths";
import { ENTRY_KIND, hashAt, isTrustedAt, kindAt } from "./ContextTable";
import { permissions } from "./permissions";
import type { RecordedEntries } from "./statCacheFormat";

/**
 * The hashes of files that have not changed since an earlier scan: one with the same size, times, inode and mode has the
 * same content. It is asked in canonical order and goes along in its own, so that nothing needs to be indexed.
 */
export class StatCache {
  #next = 0;
  #nextPath: string | undefined;

  constructor(private readonly entries: RecordedEntries) {}

  /** @returns the file's hash, or undefined if it must be read. */
  find(path: string, stats: Stats): Uint8Array | undefined {
    const { entries } = this;
    while (this.#next < entries.listed) {
      this.#nextPath ??= entries.pathAt(this.#next);
      if (this.#nextPath !== path) {
        if (comparePaths(this.#nextPath, path) > 0) {
          return undefined;
        }
        this.#step();
        continue;
      }
      const index = this.#step();
      const same =
        kindAt(entries, index) === ENTRY_KIND.file &&
        isTrustedAt(entries, index) &&
        entries.sizes[index] === stats.size &&
        entries.mtimes[index] === stats.mtimeMs &&
        entries.ctimes[index] === stats.ctimeMs &&
        entries.inodes[index] === stats.ino &&
        entries.modes[index] === permissions(stats);
      return same ? hashAt(entries, index) : undefined;
    }
    return undefined;
  }

  #step(): number {
    this.#nextPath = undefined;
    return this.#next++;
  }
}
