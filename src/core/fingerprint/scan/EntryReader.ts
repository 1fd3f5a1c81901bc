import type { Stats } from "node:fs";
import { BuildContextError } from "../../errors/imageErrors";
import { ENTRY_KIND, type TableRow } from "./ContextTable";
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
    const row = { ...commonOf(path, stats), size: 0, counts };
    if (stats.isSymbolicLink()) {
      return { ...row, kind: ENTRY_KIND.symlink, mode: 0, target: this.readTarget(file, path) };
    }
    if (stats.isFIFO()) {
      return { ...row, kind: ENTRY_KIND.fifo };
    }
    if (stats.isSocket()) {
      return undefined;
    }
    throw new BuildContextError(path, "devices cannot be sent to a builder. Ignore it in .dockerignore.");
  }

  #readFile(file: string, path: string, stats: Stats, counts: boolean): TableRow {
    const known = this.cache?.find(path, stats);
    if (known !== undefined) {
      const { size } = stats;
      return { ...commonOf(path, stats), kind: ENTRY_KIND.file, size, hash: known, counts, trusted: true };
    }
    this.hashed++;
    const { hash, stats: now, trusted } = this.hasher.hash(file, path);
    return { ...commonOf(path, now), kind: ENTRY_KIND.file, size: now.size, hash, counts, trusted };
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
  return { ...commonOf(path, stats), kind: ENTRY_KIND.directory, size: 0, counts };
}

function commonOf(path: string, stats: Stats): Omit<TableRow, "kind" | "size" | "counts"> {
  return {
    path,
    mode: permissions(stats),
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
    ino: stats.ino,
    trusted: false,
  };
}
