import type { Stats } from "node:fs";
import { countsAt, ENTRY_KIND, kindAt } from "../ContextTable";
import type { EntryReader } from "../EntryReader";
import { onFile } from "../onFile";
import type { ChangedFolder } from "../rescanPaths";
import { sortedNames } from "../sortedNames";
import type { RecordedEntries } from "../statCacheFormat";
import type { VerifiedContext } from "./isAsRecorded";

export interface FoundChanges {
  /** Relative to the context: what came, went, has changed, or was replaced with all that is in it. */
  readonly paths: readonly string[];
  /** Of these, those whose names are not there any more, be it that something else answers to them. */
  readonly gone: ReadonlySet<string>;
  /** In the order of the record. */
  readonly folders: readonly ChangedFolder[];
}

/**
 * What is behind the differences from a record. In a folder that is still the same, only names are read: what they stand
 * for has been looked at.
 *
 * @param differences as findDifferences finds them.
 * @returns undefined if only a whole scan can tell.
 */
export function findChanges(
  context: VerifiedContext,
  entries: RecordedEntries,
  differences: readonly number[],
  reader: EntryReader,
): FoundChanges | undefined {
  const paths = new Set<string>();
  const gone = new Set<string>();
  const folders = new Map<string, { readonly index: number; readonly stats: Stats }>();
  for (const index of differences) {
    const path = entries.pathAt(index);
    const isRoot = path === "";
    const stats = kindAt(entries, index) === ENTRY_KIND.directory ? sameFolder(index) : undefined;
    if (index >= entries.listed && !(isRoot && stats !== undefined)) {
      // Whether other folders are listed may depend on it.
      return undefined;
    }
    if (stats === undefined) {
      paths.add(path);
    } else {
      folders.set(path, { index, stats });
    }
  }
  const known = namesIn(entries, folders);
  for (const folder of folders.keys()) {
    const names = onFile(folder === "" ? context.root : folder, () =>
      sortedNames(reader.calls, `${context.root}/${folder}`),
    );
    if (names.some(({ valid }) => !valid)) {
      return undefined;
    }
    const before = known.get(folder) ?? new Set<string>();
    const now = new Set(names.map(({ text }) => text));
    const inside = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
    [...now].filter((name) => !before.has(name)).forEach((name) => paths.add(inside(name)));
    [...before].filter((name) => !now.has(name)).forEach((name) => gone.add(inside(name)));
  }
  return {
    paths: [...paths, ...gone],
    gone,
    folders: [...folders].map(([path, { index, stats }]) => ({
      index,
      row: reader.folder(path, stats, countsAt(entries, index)),
    })),
  };

  /** @returns undefined if there is something else in its place, or nothing. */
  function sameFolder(index: number): Stats | undefined {
    try {
      const stats = reader.calls.lstat(`${context.root}/${entries.pathAt(index)}`);
      const isSame = stats.isDirectory() && stats.ino === entries.inodes[index] && stats.dev === context.device;
      return isSame ? stats : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The names that were recorded in these folders. */
function namesIn(
  entries: RecordedEntries,
  folders: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map([...folders.keys()].map((folder) => [folder, new Set<string>()]));
  for (let index = 0; index < entries.count && names.size > 0; index++) {
    const path = entries.pathAt(index);
    const slash = path.lastIndexOf("/");
    if (path !== "") {
      names.get(path.slice(0, Math.max(slash, 0)))?.add(path.slice(slash + 1));
    }
  }
  return names;
}
