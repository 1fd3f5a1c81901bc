import type { SentEntry } from "../ports/BuildContext";
import { UNKNOWN } from "./SyncState";

/** What is to be done in a container. Paths are relative to the workspace. */
export interface SyncPlan {
  /** To be copied, folders before what is in them. */
  readonly changed: readonly SentEntry[];
  /** What the workspace has no more. */
  readonly removed: readonly string[];
  readonly removedFiles: readonly string[];
  /** Folders after what is in them. */
  readonly removedFolders: readonly string[];
  /** Folders there, in whose place something else is to be, and the other way round. */
  readonly foldersInTheWay: readonly string[];
  readonly filesInTheWay: readonly string[];
  /** Pipes, which are not copied. */
  readonly special: readonly string[];
  /** What the container has once all of it is done, but for what is removed. */
  readonly after: ReadonlyMap<string, string>;
}

/**
 * Compares a workspace with what a container has.
 *
 * @param before what each path is there; what is UNKNOWN may be anything.
 */
export function planSync(entries: readonly SentEntry[], before: ReadonlyMap<string, string>): SyncPlan {
  const after = new Map<string, string>();
  const changed: SentEntry[] = [];
  const special: string[] = [];
  for (const entry of entries) {
    const key = entryKey(entry);
    if (key === undefined) {
      special.push(entry.path);
    } else {
      after.set(entry.path, key);
      if (before.get(entry.path) !== key) {
        changed.push(entry);
      }
    }
  }
  const removed = [...before.keys()].filter((path) => !after.has(path));
  const was = (path: string): string => before.get(path) ?? "";
  const mayBe = (path: string, kind: "file" | "directory"): boolean =>
    was(path) === UNKNOWN || isFolderKey(was(path)) === (kind === "directory");
  return {
    ...{ changed, removed, special, after },
    removedFiles: removed.filter((path) => mayBe(path, "file")),
    removedFolders: removed.filter((path) => mayBe(path, "directory")).sort((a, b) => depthOf(b) - depthOf(a)),
    foldersInTheWay: changed.flatMap(({ kind, path }) =>
      kind !== "directory" && isFolderKey(was(path)) ? [path] : [],
    ),
    filesInTheWay: changed.flatMap(({ kind, path }) =>
      kind === "directory" && before.has(path) && was(path) !== UNKNOWN && !isFolderKey(was(path)) ? [path] : [],
    ),
  };
}

/** What an entry is, but for its time; undefined for what is not copied. */
function entryKey(entry: SentEntry): string | undefined {
  switch (entry.kind) {
    case "file":
      return `f${entry.mode.toString(8)} ${entry.sha256}`;
    case "directory":
      return `d${entry.mode.toString(8)}`;
    case "symlink":
      return `l${entry.target}`;
    case "fifo":
      return undefined;
  }
}

function isFolderKey(key: string): boolean {
  return key.startsWith("d");
}

function depthOf(path: string): number {
  return path.split("/").length;
}
