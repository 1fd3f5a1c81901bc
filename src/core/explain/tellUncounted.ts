import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { ExplainedChange } from "./Explanation";

/** More than these nobody reads one by one. */
const MOST_LOOKS = 2_000;

/**
 * Files that went from the inputs may still be there: no line of the Dockerfile takes them any more, or the ignore file
 * leaves them out. That is said, lest somebody looks for who has removed them.
 *
 * @param root absolute path of the context's folder.
 */
export async function tellUncounted(
  changes: readonly ExplainedChange[],
  root: string,
): Promise<readonly ExplainedChange[]> {
  let looks = 0;
  const told: ExplainedChange[] = [];
  for (const change of changes) {
    const { before } = change;
    const looked = change.group === "files" && change.change === "removed" && before !== undefined && "path" in before;
    const isThere = looked && ++looks <= MOST_LOOKS && (await exists(join(root, before.path)));
    told.push(isThere ? { ...change, details: ["still there, but does not count any more"] } : change);
  }
  return told;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
