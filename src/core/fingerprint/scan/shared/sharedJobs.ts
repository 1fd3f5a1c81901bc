import type { FileCalls } from "../FileCalls";
import { FileHasher } from "../FileHasher";
import { viewStatCache } from "../statCacheFormat";
import { isAsRecorded, type VerifiedContext } from "../verify/isAsRecorded";
import { HashBatch, type HashBatchData } from "./HashBatch";
import { SharedRows, type SharedRowsData } from "./SharedRows";

/** Work that another thread is to have a part in. */
export type SharedJob =
  | { readonly kind: "hash"; readonly rows: SharedRowsData; readonly batch: HashBatchData }
  | {
      readonly kind: "verify";
      readonly rows: SharedRowsData;
      readonly context: VerifiedContext;
      /** The file of a stat cache. */
      readonly file: Uint8Array;
    };

/** Tells another thread of a job. It may come late, or there may be none: whoever shares a job does what is left. */
export type ShareJob = (job: SharedJob) => void;

/** How many rows a thread takes at once. */
export const HASH_STEP = 4;
export const VERIFY_STEP = 64;

/** What has come of a file: read by the other thread and to be trusted or not, or not readable there, or read here. */
export const HASHED = { trusted: 1, untrusted: 2, failed: 3, here: 4 } as const;
/** What has come of an entry. */
export const VERIFIED = { same: 1, different: 2 } as const;

/** Does a part of what other threads share. Nothing that fails here is an error: they do it themselves. */
export class JobHelper {
  readonly #hasher: FileHasher;
  #current: SharedRows | undefined;

  constructor(private readonly calls: FileCalls) {
    this.#hasher = new FileHasher(calls, () => {
      this.#current?.progress();
      if (this.#current?.isClosed === true) {
        throw new Error("closed");
      }
    });
  }

  help(job: SharedJob): void {
    switch (job.kind) {
      case "hash": {
        const batch = new HashBatch(job.batch);
        this.#work(new SharedRows(job.rows, HASH_STEP), (row) => this.#hash(batch, row));
        return;
      }
      case "verify": {
        const entries = viewStatCache(job.file);
        this.#work(new SharedRows(job.rows, VERIFY_STEP), (row) =>
          entries !== undefined && isAsRecorded(job.context, entries, row, this.calls)
            ? VERIFIED.same
            : VERIFIED.different,
        );
      }
    }
  }

  #work(rows: SharedRows, work: (row: number) => number): void {
    this.#current = rows;
    rows.work(work);
  }

  #hash(batch: HashBatch, row: number): number {
    try {
      const found = batch.read(row, this.#hasher);
      batch.put(row, found);
      return found.trusted ? HASHED.trusted : HASHED.untrusted;
    } catch {
      return HASHED.failed;
    }
  }
}
