import { isTrustedAt } from "../ContextTable";
import type { ScanTools } from "../scanWhole";
import { SharedRows } from "../shared/SharedRows";
import { VERIFIED, VERIFY_STEP } from "../shared/sharedJobs";
import type { LoadedStatCache } from "../StatCacheFile";
import { isAsRecorded, type VerifiedContext } from "./isAsRecorded";

/** With fewer entries, it takes longer to tell another thread of them. */
const LEAST_SHARED = 1_000;
/** After more differences (a checkout, an installation) it is quicker to read the context as a whole. */
const MOST = 500;

/**
 * Looks at every entry that a scan has recorded.
 *
 * @returns the indices of those that are not as they were recorded, or may not be; undefined if there are too many.
 */
export function findDifferences(
  context: VerifiedContext,
  { entries, file }: Pick<LoadedStatCache, "entries" | "file">,
  { calls, checkpoint, share }: ScanTools,
): readonly number[] | undefined {
  if (doubtsIn(entries) > MOST) {
    return undefined;
  }
  const rows = SharedRows.of(entries.count, VERIFY_STEP);
  let found = 0;
  const verify = (row: number): number => {
    checkpoint();
    if (isAsRecorded(context, entries, row, calls)) {
      return VERIFIED.same;
    }
    if (++found > MOST) {
      rows.close();
    }
    return VERIFIED.different;
  };
  if (entries.count >= LEAST_SHARED) {
    share({ kind: "verify", rows: rows.data, context, file });
  }
  try {
    rows.work(verify);
    if (found > MOST) {
      return undefined;
    }
    rows.wait(checkpoint);
  } finally {
    rows.close();
  }
  const differences: number[] = [];
  for (let row = 0; row < entries.count; row++) {
    const state = rows.stateOf(row);
    const isSame = state === VERIFIED.same || (state !== VERIFIED.different && verify(row) === VERIFIED.same);
    if (!isSame) {
      differences.push(row);
    }
  }
  return differences.length > MOST ? undefined : differences;
}

/** How many entries need not be looked at to know that they have to be read. */
function doubtsIn(entries: LoadedStatCache["entries"]): number {
  let doubts = 0;
  for (let index = 0; index < entries.listed; index++) {
    doubts += isTrustedAt(entries, index) ? 0 : 1;
  }
  return doubts;
}
