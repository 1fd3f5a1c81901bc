import { comparePaths } from "./comparePaths";
import type { TableRow } from "./ContextTable";
import { replaceRows, type Replacement } from "./replaceRows";
import { Rescan } from "./Rescan";
import type { ScannedContext, ScanTools } from "./scanWhole";

/** A folder that is still the same, but in which names came or went, or that has another mode. */
export interface ChangedFolder {
  /** Where it stands in the table; what lies behind the table's end is none of its. */
  readonly index: number;
  /** What it is now. */
  readonly row: TableRow;
}

export interface ChangedPaths {
  /** Relative to the context, in any order. */
  readonly paths: readonly string[];
  /**
   * Whether these are all that has changed since the context was scanned, the names that came and went among them, and
   * its selection was resolved just now. Else somebody was told of them, who may not be told of everything.
   */
  readonly areAll: boolean;
  /** Those whose names are known not to be there any more; where capitals do not matter, lstat may say otherwise. */
  readonly gone?: ReadonlySet<string>;
  /** In the order of the table. What changed in them is among the paths. */
  readonly folders?: readonly ChangedFolder[];
}

/**
 * Brings a scanned context up to date when only these paths have changed: one lstat for each that counts, and what it
 * takes to read it. What has changed besides is not noticed.
 *
 * @returns undefined if only a whole scan can tell what comes of the change.
 */
export function rescanPaths(
  root: string,
  before: ScannedContext,
  changes: ChangedPaths,
  tools: ScanTools,
): ScannedContext | undefined {
  const { paths, folders = [] } = changes;
  const rescan = new Rescan(root, before, changes, tools);
  const replacements: Replacement[] = [];
  let folder: string | undefined;
  for (const path of [...new Set(paths)].sort(comparePaths)) {
    if (folder !== undefined && path.startsWith(`${folder}/`)) {
      // The folder has just been read with all that is in it.
      continue;
    }
    const found = rescan.look(path);
    if (found === "whole") {
      return undefined;
    }
    if (found !== "nothing") {
      replacements.push(found);
      folder = path;
    }
  }
  for (const { index, row } of folders) {
    if (index < before.data.count && !replacements.some(({ start, end }) => start <= index && index < end)) {
      replacements.push({ start: index, end: index + 1, rows: [row] });
    }
  }
  // A new entry can come to stand where the row of a folder is: before it.
  replacements.sort((a, b) => a.start - b.start || a.end - b.end);
  return {
    ...before,
    data: replacements.length === 0 ? before.data : replaceRows(before.data, replacements),
    hashed: rescan.hashed,
    summary: undefined,
    save: () => undefined,
  };
}
