import { HASH_BYTES, type TableData } from "../ContextTable";
import type { EntryReader } from "../EntryReader";
import { replaceRows } from "../replaceRows";
import { rescanPaths } from "../rescanPaths";
import type { ScannedContext, ScanTools } from "../scanWhole";
import { encodeStatCache, type RecordedEntries, type ScanProof } from "../statCacheFormat";
import type { LoadedStatCache, StatCacheFile } from "../StatCacheFile";
import { findChanges } from "./findChanges";
import { findDifferences } from "./findDifferences";
import { keepsFolderTimes } from "./keepsFolderTimes";

export interface VerifyOptions extends Pick<ScannedContext, "ignore" | "selection" | "tree"> {
  readonly root: string;
  readonly reader: EntryReader;
  readonly tools: ScanTools;
  /** Where the cache is kept. */
  readonly file: StatCacheFile;
  /** Of an earlier scan, whose key is that of this one. */
  readonly cache: LoadedStatCache;
  readonly proof: ScanProof;
}

/**
 * Scans a context by looking at what an earlier scan looked at: if none of it has changed, the result is the same. A
 * folder whose times are the same has the same names, so it need not be read; what differs is read.
 *
 * @returns undefined if only a whole scan can tell.
 */
export function verifyScan(options: VerifyOptions): ScannedContext | undefined {
  const { root, reader, tools, file, cache, proof, ignore, selection, tree } = options;
  const { entries } = cache;
  const context = { root, device: proof.device };
  if (!keepsFolderTimes(tools.calls.fileSystem(root))) {
    return undefined;
  }
  const differences = findDifferences(context, cache, tools);
  if (differences === undefined) {
    return undefined;
  }
  const data = tableIn(entries, 0, entries.listed);
  const before = { ignore, selection, tree, data, hashed: 0, summary: proof.summary, save: () => undefined };
  if (differences.length === 0) {
    return before;
  }
  const changes = findChanges(context, entries, differences, reader);
  const rescanned = changes === undefined ? undefined : rescanPaths(root, before, { ...changes, areAll: true }, tools);
  if (changes === undefined || rescanned === undefined) {
    return undefined;
  }
  const looked = replaceRows(
    tableIn(entries, entries.listed, entries.count),
    changes.folders
      .filter(({ index }) => index >= entries.listed)
      .map(({ index, row }) => ({ start: index - entries.listed, end: index - entries.listed + 1, rows: [row] })),
  );
  return {
    ...rescanned,
    save: (summary) => {
      file.save(encodeStatCache(rescanned.data, looked, { ...proof, summary }));
    },
  };
}

function tableIn(entries: RecordedEntries, start: number, end: number): TableData {
  return {
    count: end - start,
    flags: entries.flags.subarray(start, end),
    modes: entries.modes.subarray(start, end),
    sizes: entries.sizes.subarray(start, end),
    mtimes: entries.mtimes.subarray(start, end),
    ctimes: entries.ctimes.subarray(start, end),
    inodes: entries.inodes.subarray(start, end),
    hashes: entries.hashes.subarray(start * HASH_BYTES, end * HASH_BYTES),
    paths: Array.from({ length: end - start }, (_, index) => entries.pathAt(start + index)),
    targets: new Map([...entries.targets].map(([index, target]) => [index - start, target])),
  };
}
