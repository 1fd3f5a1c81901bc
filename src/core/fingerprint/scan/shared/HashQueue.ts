import type { ContextTable, TableRow } from "../ContextTable";
import type { FileHasher } from "../FileHasher";
import { HashBatch } from "./HashBatch";
import { HASH_STEP, HASHED, type ShareJob } from "./sharedJobs";
import { SharedRows } from "./SharedRows";

/** Enough that the other thread has something to do for a few milliseconds. */
const FULL = 256;
/** With more batches waiting for the other thread, this one reads before it looks for more files. */
const MOST_WAITING = 8;

interface Batch {
  /** Relative to the context. */
  readonly paths: string[];
  /** Where the files stand in the table. */
  readonly indices: number[];
  readonly files: HashBatch;
}

interface ReadBatch extends Batch {
  readonly rows: SharedRows;
}

export interface HashQueueOptions {
  /** Absolute path of the context. */
  readonly root: string;
  /** Gets what was found. */
  readonly table: ContextTable;
  readonly hasher: FileHasher;
  readonly share: ShareJob;
  /** May throw to end it. */
  readonly checkpoint: () => void;
}

/**
 * Files of a table that are still to be read. As soon as there are many, another thread reads some of them while more
 * are found.
 */
export class HashQueue {
  #next: Batch | undefined;
  #batches: ReadBatch[] = [];
  #added = 0;

  constructor(private readonly options: HashQueueOptions) {}

  /** How many files were added. */
  get count(): number {
    return this.#added;
  }

  /** @param index where the row stands in the table. */
  add(index: number, row: TableRow): void {
    this.#added++;
    this.#next ??= this.#newBatch();
    const { paths, indices, files } = this.#next;
    files.stamp(paths.length, row);
    indices.push(index);
    if (paths.push(row.path) === FULL) {
      this.#begin(this.#next);
    }
  }

  /** Reads what nobody has read yet. Throws as FileHasher does. */
  finish(): void {
    if (this.#next !== undefined) {
      this.#begin(this.#next);
    }
    // The other thread began with the first.
    for (const batch of [...this.#batches].reverse()) {
      this.#work(batch);
    }
    for (const batch of this.#batches) {
      batch.rows.wait(this.options.checkpoint);
      this.#take(batch);
    }
    this.#batches = [];
  }

  /** Has the other thread end, whatever is left. */
  close(): void {
    this.#batches.forEach(({ rows }) => {
      rows.close();
    });
  }

  #newBatch(): Batch {
    const paths: string[] = [];
    return { paths, indices: [], files: HashBatch.of(this.options.root, paths, FULL) };
  }

  #begin(batch: Batch): void {
    this.#next = undefined;
    const rows = SharedRows.of(batch.paths.length, HASH_STEP);
    this.#batches.push({ ...batch, rows });
    if (batch.paths.length === FULL) {
      this.options.share({ kind: "hash", batch: batch.files.data, rows: rows.data });
    }
    this.#takeDone();
    if (this.#batches.length > MOST_WAITING) {
      this.#work({ ...batch, rows });
      this.#takeDone();
    }
  }

  #work(batch: ReadBatch): void {
    batch.rows.work((row) => this.#read(batch, row));
  }

  /** Frees what is done so far. */
  #takeDone(): void {
    this.#batches = this.#batches.filter((batch) => {
      const isDone = batch.rows.isDone;
      if (isDone) {
        this.#take(batch);
      }
      return !isDone;
    });
  }

  #take(batch: ReadBatch): void {
    const { files, rows, indices } = batch;
    indices.forEach((index, row) => {
      const state = rows.stateOf(row);
      if (state === HASHED.trusted || state === HASHED.untrusted) {
        this.options.table.setContent(index, files.get(row, state === HASHED.trusted));
      } else if (state !== HASHED.here) {
        // The other thread has failed, or was not done with it: here it is read again, or fails as it should.
        this.#read(batch, row);
      }
    });
  }

  #read({ files, indices }: ReadBatch, row: number): number {
    const { table, hasher, checkpoint } = this.options;
    checkpoint();
    table.setContent(indices[row] ?? 0, files.read(row, hasher));
    return HASHED.here;
  }
}
