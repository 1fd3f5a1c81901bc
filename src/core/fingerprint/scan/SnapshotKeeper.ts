import { ContextChangedError } from "../../errors/imageErrors";
import type { TableData } from "./ContextTable";
import { summarize, type ContextSummary } from "./contextDigest";
import { rescanPaths } from "./rescanPaths";
import type { ScanRequest } from "./ScanRequest";
import { scanWhole, type ScannedContext, type ScanTools } from "./scanWhole";

/** More changes than this are a checkout or an installation, after which the watcher may not have told all. */
const MOST_PATHS = 64;
/** Of the snapshots that somebody may still ask about; each new one puts an end to the oldest. */
const MOST_SNAPSHOTS = 16;
/** Of all snapshots together, the newest one left out. */
const MOST_ENTRIES = 500_000;

export interface KeptSnapshot extends ContextSummary {
  readonly id: number;
  /** How many files were read. */
  readonly hashed: number;
  /** Whether it went on from the state before. */
  readonly incremental: boolean;
}

interface KeptTable {
  readonly root: string;
  readonly digest: string;
  readonly data: TableData;
}

interface Watched {
  /** What the state stands for: the same request but for what has changed. */
  readonly key: string;
  readonly scanned: ScannedContext;
  readonly snapshot: KeptSnapshot;
}

/** Scans contexts and keeps what was found, for those who ask for the entries later and for watches. */
export class SnapshotKeeper {
  readonly #tables = new Map<number, KeptTable>();
  readonly #watched = new Map<string, Watched>();
  #lastId = 0;

  /** @returns the snapshot, and what writes down what was found: it need not be waited for. */
  scan(request: ScanRequest, tools: ScanTools): { readonly snapshot: KeptSnapshot; readonly save: () => void } {
    const { watch, ...what } = request;
    const key = JSON.stringify(what);
    const before = watch === undefined ? undefined : this.#watched.get(watch.id);
    if (watch !== undefined) {
      // Whatever fails from here on leaves no state that would be half of one and half of another moment.
      // An abort is no exception: its changes are told to no later scan.
      this.#watched.delete(watch.id);
    }
    tools.checkpoint();
    const paths = watch?.changed;
    const isSame = before?.key === key && paths !== undefined && paths.length <= MOST_PATHS;
    const rescanned = isSame ? rescanPaths(request.root, before.scanned, { paths, areAll: false }, tools) : undefined;
    const scanned = rescanned ?? scanWhole(request, tools);
    const unchanged = before !== undefined && before.scanned.data === scanned.data;
    const summary = unchanged ? before.snapshot : (scanned.summary ?? summarize(scanned.data));
    const { hashed, data } = scanned;
    const snapshot = { ...summary, id: ++this.#lastId, hashed, incremental: rescanned !== undefined };
    this.#tables.set(snapshot.id, { root: request.root, digest: snapshot.digest, data });
    this.#shareWith(snapshot.id);
    this.#dropOld();
    if (watch !== undefined) {
      this.#watched.set(watch.id, { key, scanned, snapshot });
    }
    return {
      snapshot,
      save: () => {
        scanned.save(snapshot);
      },
    };
  }

  /** Throws ContextChangedError when it is not kept any more: then whoever asks starts over. */
  table(id: number, root: string): TableData {
    const kept = this.#tables.get(id);
    if (kept === undefined) {
      throw new ContextChangedError(root);
    }
    return kept.data;
  }

  /** Nobody asks about the snapshot any more. */
  release(id: number): void {
    this.#tables.delete(id);
  }

  unwatch(id: string): void {
    this.#watched.delete(id);
  }

  /** Earlier snapshots with the same digest are of the same entries, which need not be kept twice. */
  #shareWith(id: number): void {
    const newest = this.#tables.get(id);
    for (const [other, { root, digest }] of this.#tables) {
      if (newest !== undefined && root === newest.root && digest === newest.digest) {
        this.#tables.set(other, newest);
      }
    }
  }

  #dropOld(): void {
    const seen = new Set<TableData>();
    let entries = 0;
    const newestFirst = [...this.#tables].reverse();
    newestFirst.forEach(([id, { data }], index) => {
      entries += seen.has(data) ? 0 : data.count;
      seen.add(data);
      if (index > 0 && (index >= MOST_SNAPSHOTS || entries > MOST_ENTRIES)) {
        this.#tables.delete(id);
      }
    });
  }
}
