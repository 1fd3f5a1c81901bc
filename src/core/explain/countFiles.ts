import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { IgnoreMatcher, type MatchResult } from "../dockerignore/IgnoreMatcher";

export interface CountFilesOptions {
  /** Absolute path of the context's folder. */
  readonly root: string;
  /** The valid patterns of the ignore file. */
  readonly ignore: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * How many files, links and FIFOs there are in a context after its ignore file, whether the Dockerfile takes them or
 * not. What cannot be listed is left out: nobody needs it, or the scan has said so.
 */
export async function countFiles({ root, ignore, signal }: CountFilesOptions): Promise<number> {
  const matcher = new IgnoreMatcher(ignore);
  let count = 0;
  const open: { readonly folder: string; readonly match: MatchResult | undefined }[] = [
    { folder: "", match: undefined },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    signal?.throwIfAborted();
    const { folder, match: parent } = next;
    const entries: readonly Dirent[] = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const match = matcher.match(path, parent);
      if (!entry.isDirectory()) {
        count += match.ignored || entry.isSocket() ? 0 : 1;
      } else if (!match.ignored || matcher.mayContainExceptions(path)) {
        open.push({ folder: path, match });
      }
    }
  }
  return count;
}
