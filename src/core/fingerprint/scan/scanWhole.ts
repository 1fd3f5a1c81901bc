import { IgnoreMatcher } from "../../dockerignore/IgnoreMatcher";
import { resolveSelection, type ResolvedSelection } from "../selection/resolveSelection";
import type { ContextSummary } from "./contextDigest";
import { ContextTable, ENTRY_KIND, type TableData, type TableRow } from "./ContextTable";
import { EntryReader } from "./EntryReader";
import type { FileCalls } from "./FileCalls";
import { FileHasher } from "./FileHasher";
import { onFile } from "./onFile";
import { RecordedTree } from "./RecordedTree";
import type { ScanRequest } from "./ScanRequest";
import { HashQueue } from "./shared/HashQueue";
import type { ShareJob } from "./shared/sharedJobs";
import { StatCache } from "./StatCache";
import { StatCacheFile } from "./StatCacheFile";
import { encodeStatCache } from "./statCacheFormat";
import { scanKey } from "./verify/scanKey";
import { verifyScan } from "./verify/verifyScan";
import { Witness } from "./verify/Witness";
import { walkContext, type WalkOptions } from "./walkContext";

export interface ScanTools {
  readonly calls: FileCalls;
  /** Called for each entry and each piece of a large file; may throw to end the scan. */
  readonly checkpoint: () => void;
  /** Has another thread help, if there is one. */
  readonly share: ShareJob;
  /** There may be much to share soon. */
  readonly prepare?: () => void;
}

/** A context as it was scanned, with what a later scan can go on from. */
export interface ScannedContext {
  readonly data: TableData;
  readonly ignore: IgnoreMatcher;
  readonly selection: ResolvedSelection;
  readonly tree: RecordedTree;
  /** How many files were read. */
  readonly hashed: number;
  /** Of the data, where it is known already. */
  readonly summary: ContextSummary | undefined;
  /** Writes down what is new in the stat cache, if anything is. It can wait until the result is told. */
  readonly save: (summary: ContextSummary) => void;
}

/**
 * Looks at every entry that may count, and reads what the stat cache does not know. A scan of the same before, with its
 * result in the cache, spares reading the folders.
 */
export function scanWhole(request: ScanRequest, tools: ScanTools): ScannedContext {
  const { root, cache: place } = request;
  const file = place === undefined ? undefined : new StatCacheFile(place);
  const cache = file?.load();
  if (cache === undefined) {
    tools.prepare?.();
  }
  const reader = new EntryReader(
    tools.calls,
    undefined,
    cache === undefined ? undefined : new StatCache(cache.entries),
  );
  const ignore = new IgnoreMatcher(request.ignore);
  // It is kept for longer than what is cached.
  const tree = new RecordedTree(root, ignore, new EntryReader(tools.calls, undefined, undefined));
  const selection = resolveSelection(request.selection, tree);
  const resolved = { ignore, tree, selection };
  const walk = (witness?: Witness): Pick<ScannedContext, "data" | "hashed"> =>
    walkWhole({ root, ignore, selection, reader, witness }, tools);
  if (file === undefined) {
    return { ...resolved, ...walk(), summary: undefined, save: () => undefined };
  }
  const key = scanKey(request, selection);
  const proof = cache?.proof;
  const verified =
    cache !== undefined && proof?.key === key
      ? verifyScan({ ...resolved, root, reader, tools, file, cache, proof })
      : undefined;
  if (verified !== undefined) {
    return verified;
  }
  // Before it is read, as with every folder.
  const stats = onFile(root, () => tools.calls.lstat(`${root}/`));
  const witness = new Witness(reader.folder("", stats, false), stats);
  const walked = walk(witness);
  return {
    ...resolved,
    ...walked,
    summary: undefined,
    save(summary) {
      const { device, table } = witness;
      const bytes = encodeStatCache(
        walked.data,
        table.data(),
        device === undefined ? undefined : { key, device, summary },
      );
      if (cache === undefined || Buffer.compare(bytes, cache.file) !== 0) {
        file.save(bytes);
      }
    },
  };
}

function walkWhole(
  options: Omit<WalkOptions, "checkpoint">,
  { calls, checkpoint, share }: ScanTools,
): Pick<ScannedContext, "data" | "hashed"> {
  const table = new ContextTable();
  const hasher = new FileHasher(calls, checkpoint);
  const queue = new HashQueue({ root: options.root, table, hasher, share, checkpoint });
  const push = (row: TableRow): void => {
    const index = table.push(row);
    if (row.kind === ENTRY_KIND.file && row.hash === undefined) {
      queue.add(index, row);
    }
  };
  try {
    walkContext({ ...options, checkpoint }, { push });
    queue.finish();
  } finally {
    queue.close();
  }
  return { data: table.data(), hashed: queue.count };
}
