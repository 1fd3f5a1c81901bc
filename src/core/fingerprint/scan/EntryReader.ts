import type { Stats } from "node:fs";
import { BuildContextError } from "../../errors/imageErrors";
import { ENTRY_KIND, type EntryKind, type TableRow } from "./ContextTable";
import type { FileCalls } from "./FileCalls";
import type { FileHasher } from "./FileHasher";
import { onFile } from "./onFile";
import { permissions } from "./permissions";
import type { StatCache } from "./StatCache";

interface FoundEntry {
  /** Absolute. */
  readonly file: string;
  /** Relative to the context. */
  readonly path: string;
  /** As lstat gave them. */
  readonly stats: Stats;
  readonly counts: boolean;
}

/** Reads what lies behind the names of a context. Throws ContextChangedError and BuildContextError, naming the path. */
export class EntryReader {
  /** How many files were hashed, since the cache had no answer. */
  hashed = 0;

  constructor(
    readonly calls: FileCalls,
    private readonly hasher: FileHasher,
    private readonly cache: StatCache | undefined,
  ) {}

  lstat(file: string, path: string): Stats {
    try {
      return this.calls.lstat(file);
    } catch (error) {
      return onFile(path, () => {
        throw error;
      });
    }
  }

  /**
   * @param entry anything but a folder; in canonical order, for the cache's sake.
   * @returns undefined for a socket, which builders leave out.
   */
  read({ file, path, stats, counts }: FoundEntry): TableRow | undefined {
    if (stats.isFile()) {
      return this.#readFile(file, path, stats, counts);
    }
    if (stats.isSymbolicLink()) {
      return rowOf(ENTRY_KIND.symlink, path, stats, { counts, target: this.readTarget(file, path) });
    }
    if (stats.isFIFO()) {
      return rowOf(ENTRY_KIND.fifo, path, stats, { counts });
    }
    if (stats.isSocket()) {
      return undefined;
    }
    throw new BuildContextError(path, "devices cannot be sent to a builder. Ignore it in .dockerignore.");
  }

  #readFile(file: string, path: string, stats: Stats, counts: boolean): TableRow {
    const known = this.cache?.find(path, stats);
    if (known !== undefined) {
      return rowOf(ENTRY_KIND.file, path, stats, { counts, hash: known, trusted: true });
    }
    this.hashed++;
    const { hash, stats: now, trusted } = this.hasher.hash(file, path, stats);
    return rowOf(ENTRY_KIND.file, path, now, { counts, hash, trusted });
  }

  readTarget(file: string, path: string): string {
    const bytes = onFile(path, () => this.calls.readLink(file));
    const target = bytes.toString("utf8");
    if (!Buffer.from(target).equals(bytes)) {
      throw new BuildContextError(
        path,
        "the link's target is not valid UTF-8. Make another link, or ignore it in .dockerignore.",
      );
    }
    return target;
  }
}

export function folderRow(path: string, stats: Stats, counts: boolean): TableRow {
  return rowOf(ENTRY_KIND.directory, path, stats, { counts });
}

type Known = Pick<TableRow, "counts" | "hash" | "target"> & Partial<Pick<TableRow, "trusted">>;

/** All rows have the same fields in the same order, which is what makes them quick. */
function rowOf(
  kind: EntryKind,
  path: string,
  stats: Stats,
  { counts, hash, target, trusted = false }: Known,
): TableRow {
  return {
    kind,
    path,
    mode: kind === ENTRY_KIND.symlink ? 0 : permissions(stats),
    size: kind === ENTRY_KIND.file ? stats.size : 0,
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
    ino: stats.ino,
    hash,
    target,
    counts,
    trusted,
  };
}
