import type { Stats } from "node:fs";
import { BuildContextError } from "../../errors/imageErrors";
import { ENTRY_KIND, type EntryKind, type TableRow } from "./ContextTable";
import type { FileCalls } from "./FileCalls";
import type { FileHasher } from "./FileHasher";
import { isRacy } from "./isRacy";
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
  readonly #startedAt = Date.now();

  /** @param hasher undefined leaves files without a hash that the cache has no answer for. */
  constructor(
    readonly calls: FileCalls,
    private readonly hasher: FileHasher | undefined,
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
    const trusted = this.#trusts(stats);
    if (stats.isSymbolicLink()) {
      return rowOf(ENTRY_KIND.symlink, path, stats, { counts, target: this.readTarget(file, path), trusted });
    }
    if (stats.isFIFO()) {
      return rowOf(ENTRY_KIND.fifo, path, stats, { counts, trusted });
    }
    if (stats.isSocket()) {
      return undefined;
    }
    throw new BuildContextError(path, "devices cannot be sent to a builder. Ignore it in .dockerignore.");
  }

  /** @param stats as lstat gave them before the folder was read. */
  folder(path: string, stats: Stats, counts: boolean): TableRow {
    return rowOf(ENTRY_KIND.directory, path, stats, { counts, trusted: this.#trusts(stats) });
  }

  /** What is left out for what it is. @returns undefined for what a table has no row for. */
  leftOut(path: string, stats: Stats): TableRow | undefined {
    const kinds: readonly (readonly [boolean, EntryKind])[] = [
      [stats.isFile(), ENTRY_KIND.file],
      [stats.isSymbolicLink(), ENTRY_KIND.symlink],
      [stats.isFIFO(), ENTRY_KIND.fifo],
    ];
    const kind = kinds.find(([is]) => is)?.[1];
    return kind === undefined ? undefined : rowOf(kind, path, stats, { counts: false });
  }

  #trusts(stats: Stats): boolean {
    return !isRacy(stats, this.#startedAt);
  }

  #readFile(file: string, path: string, stats: Stats, counts: boolean): TableRow {
    const known = this.cache?.find(path, stats);
    if (known !== undefined) {
      return rowOf(ENTRY_KIND.file, path, stats, { counts, hash: known, trusted: true });
    }
    if (this.hasher === undefined) {
      return rowOf(ENTRY_KIND.file, path, stats, { counts });
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
