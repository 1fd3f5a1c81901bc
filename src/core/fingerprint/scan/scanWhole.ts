import { IgnoreMatcher } from "../../dockerignore/IgnoreMatcher";
import { resolveSelection, type ResolvedSelection } from "../selection/resolveSelection";
import { ContextTable, type TableData } from "./ContextTable";
import { EntryReader } from "./EntryReader";
import type { FileCalls } from "./FileCalls";
import { FileHasher } from "./FileHasher";
import { RecordedTree } from "./RecordedTree";
import type { ScanRequest } from "./ScanRequest";
import { cacheableRows } from "./StatCache";
import { StatCacheFile } from "./StatCacheFile";
import { walkContext } from "./walkContext";

export interface ScanTools {
  readonly calls: FileCalls;
  /** Called for each entry and each piece of a large file; may throw to end the scan. */
  readonly checkpoint: () => void;
}

/** A context as it was scanned, with what a later scan can go on from. */
export interface ScannedContext {
  readonly data: TableData;
  readonly ignore: IgnoreMatcher;
  readonly selection: ResolvedSelection;
  readonly tree: RecordedTree;
  /** How many files were read. */
  readonly hashed: number;
  /** Writes down what is new in the stat cache, if anything is. It can wait until the result is told. */
  readonly save: () => void;
}

/** Looks at every entry that may count; reads those files that the stat cache does not know. */
export function scanWhole(request: ScanRequest, { calls, checkpoint }: ScanTools): ScannedContext {
  const { root, cache } = request;
  const file = cache === undefined ? undefined : new StatCacheFile(cache);
  const known = file?.load();
  const reader = new EntryReader(calls, new FileHasher(calls, checkpoint), known);
  const ignore = new IgnoreMatcher(request.ignore);
  const tree = new RecordedTree(root, ignore, reader);
  const selection = resolveSelection(request.selection, tree);
  const table = new ContextTable();
  walkContext({ root, ignore, selection, reader, checkpoint }, table);
  const data = table.data();
  const { hashed } = reader;
  return {
    data,
    ignore,
    selection,
    tree,
    hashed,
    save() {
      const { hits, count } = known ?? { hits: 0, count: 0 };
      // Files that were found in it, and no others, are in it already.
      if (hits !== count || hits !== cacheableRows(data).length) {
        file?.save(data);
      }
    },
  };
}
