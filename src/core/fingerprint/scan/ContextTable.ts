/** What an entry of a table is, as it stands there. */
export const ENTRY_KIND = { file: 1, directory: 2, symlink: 3, fifo: 4 } as const;

export type EntryKind = (typeof ENTRY_KIND)[keyof typeof ENTRY_KIND];

/** One entry of a build context with what lstat said of it. */
export interface TableRow {
  readonly kind: EntryKind;
  /** Relative to the context, with "/". */
  readonly path: string;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** In bytes; 0 for all but files. */
  readonly size: number;
  /** In milliseconds since 1970, as exact as a double is (a quarter of a microsecond). */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  /** Of a file's content: 32 bytes. */
  readonly hash?: Uint8Array | undefined;
  /** Of a symlink. */
  readonly target?: string | undefined;
  /** Whether it is an input of the build. What is not is only on the way to one. */
  readonly counts: boolean;
  /** Whether times and inode will tell when a file's content, a folder's names or a link changes; see isRacy. */
  readonly trusted: boolean;
}

/** What reading a file tells of it. */
export type ReadContent = Pick<TableRow, "size" | "mtimeMs" | "ctimeMs" | "ino" | "mode" | "trusted"> & {
  readonly hash: Uint8Array;
};

/** A table without its methods, to be passed between threads; with the arrays' unused ends cut off. */
export interface TableData {
  readonly count: number;
  readonly flags: Uint8Array;
  readonly modes: Uint16Array;
  readonly sizes: Float64Array;
  readonly mtimes: Float64Array;
  readonly ctimes: Float64Array;
  readonly inodes: Float64Array;
  /** 32 bytes for each entry. */
  readonly hashes: Uint8Array;
  readonly paths: readonly string[];
  /** Of the symlinks, by their index. */
  readonly targets: ReadonlyMap<number, string>;
}

export const HASH_BYTES = 32;
const COUNTS = 8;
const TRUSTED = 16;
const KIND_BITS = 7;

/**
 * The entries of a build context in columns: 200,000 objects would take several times the memory. In canonical order
 * (see comparePaths), each folder before what is in it.
 */
export class ContextTable {
  #count = 0;
  #flags = new Uint8Array(1024);
  #modes = new Uint16Array(1024);
  #sizes = new Float64Array(1024);
  #mtimes = new Float64Array(1024);
  #ctimes = new Float64Array(1024);
  #inodes = new Float64Array(1024);
  #hashes = new Uint8Array(1024 * HASH_BYTES);
  readonly #paths: string[] = [];
  readonly #targets = new Map<number, string>();

  get count(): number {
    return this.#count;
  }

  /** @returns its index. */
  push(row: TableRow): number {
    const index = this.#count++;
    if (index === this.#flags.length) {
      this.#grow();
    }
    this.#flags[index] = row.kind | (row.counts ? COUNTS : 0) | (row.trusted ? TRUSTED : 0);
    this.#modes[index] = row.mode;
    this.#sizes[index] = row.size;
    this.#mtimes[index] = row.mtimeMs;
    this.#ctimes[index] = row.ctimeMs;
    this.#inodes[index] = row.ino;
    if (row.hash !== undefined) {
      this.#hashes.set(row.hash, index * HASH_BYTES);
    }
    this.#paths.push(row.path);
    if (row.target !== undefined) {
      this.#targets.set(index, row.target);
    }
    return index;
  }

  /** Adds the rows of another table from `start` to before `end`. */
  append(data: TableData, start: number, end: number): void {
    const at = this.#count;
    this.#count += end - start;
    while (this.#count > this.#flags.length) {
      this.#grow();
    }
    this.#flags.set(data.flags.subarray(start, end), at);
    this.#modes.set(data.modes.subarray(start, end), at);
    this.#sizes.set(data.sizes.subarray(start, end), at);
    this.#mtimes.set(data.mtimes.subarray(start, end), at);
    this.#ctimes.set(data.ctimes.subarray(start, end), at);
    this.#inodes.set(data.inodes.subarray(start, end), at);
    this.#hashes.set(data.hashes.subarray(start * HASH_BYTES, end * HASH_BYTES), at * HASH_BYTES);
    for (let index = start; index < end; index++) {
      this.#paths.push(data.paths[index] ?? "");
      const target = kindAt(data, index) === ENTRY_KIND.symlink ? data.targets.get(index) : undefined;
      if (target !== undefined) {
        this.#targets.set(at + index - start, target);
      }
    }
  }

  /** What reading a file has told of it. */
  setContent(index: number, { size, mtimeMs, ctimeMs, ino, mode, hash, trusted }: ReadContent): void {
    this.#flags[index] = ((this.#flags[index] ?? 0) & ~TRUSTED) | (trusted ? TRUSTED : 0);
    this.#modes[index] = mode;
    this.#sizes[index] = size;
    this.#mtimes[index] = mtimeMs;
    this.#ctimes[index] = ctimeMs;
    this.#inodes[index] = ino;
    this.#hashes.set(hash, index * HASH_BYTES);
  }

  /** The same entries as plain data. What is pushed later is not in it. */
  data(): TableData {
    const count = this.#count;
    return {
      count,
      flags: this.#flags.subarray(0, count),
      modes: this.#modes.subarray(0, count),
      sizes: this.#sizes.subarray(0, count),
      mtimes: this.#mtimes.subarray(0, count),
      ctimes: this.#ctimes.subarray(0, count),
      inodes: this.#inodes.subarray(0, count),
      hashes: this.#hashes.subarray(0, count * HASH_BYTES),
      paths: this.#paths,
      targets: this.#targets,
    };
  }

  #grow(): void {
    const length = this.#flags.length * 2;
    this.#flags = grown(this.#flags, new Uint8Array(length));
    this.#modes = grown(this.#modes, new Uint16Array(length));
    this.#sizes = grown(this.#sizes, new Float64Array(length));
    this.#mtimes = grown(this.#mtimes, new Float64Array(length));
    this.#ctimes = grown(this.#ctimes, new Float64Array(length));
    this.#inodes = grown(this.#inodes, new Float64Array(length));
    this.#hashes = grown(this.#hashes, new Uint8Array(length * HASH_BYTES));
  }
}

function grown<T extends { set(values: T): void }>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

export function kindAt(data: Pick<TableData, "flags">, index: number): EntryKind {
  return ((data.flags[index] ?? 0) & KIND_BITS) as EntryKind;
}

export function countsAt(data: Pick<TableData, "flags">, index: number): boolean {
  return ((data.flags[index] ?? 0) & COUNTS) !== 0;
}

export function isTrustedAt(data: Pick<TableData, "flags">, index: number): boolean {
  return ((data.flags[index] ?? 0) & TRUSTED) !== 0;
}

export function hashAt(data: Pick<TableData, "hashes">, index: number): Uint8Array {
  return data.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}

export function rowAt(data: TableData, index: number): TableRow {
  const kind = kindAt(data, index);
  return {
    kind,
    path: data.paths[index] ?? "",
    mode: data.modes[index] ?? 0,
    size: data.sizes[index] ?? 0,
    mtimeMs: data.mtimes[index] ?? 0,
    ctimeMs: data.ctimes[index] ?? 0,
    ino: data.inodes[index] ?? 0,
    hash: kind === ENTRY_KIND.file ? hashAt(data, index) : undefined,
    target: data.targets.get(index),
    counts: countsAt(data, index),
    trusted: isTrustedAt(data, index),
  };
}
