import type { Stats } from "node:fs";
import type { IgnoreMatcher, MatchResult } from "../../dockerignore/IgnoreMatcher";
import { BuildContextError } from "../../errors/imageErrors";
import type { ResolvedSelection } from "../selection/resolveSelection";
import type { TableRow } from "./ContextTable";
import type { EntryReader } from "./EntryReader";
import { onFile } from "./onFile";
import { sortedNames } from "./sortedNames";
import type { Witness } from "./verify/Witness";

/** What a context is walked with. */
export interface WalkOptions {
  /** Absolute path of the context's folder. */
  readonly root: string;
  readonly ignore: IgnoreMatcher;
  readonly selection: Pick<ResolvedSelection, "placeOf" | "mayContain">;
  readonly reader: EntryReader;
  /** Called for each entry; may throw to end the walk. */
  readonly checkpoint: () => void;
  /** Told of what is looked at and not listed; undefined where nobody asks. */
  readonly witness?: Witness | undefined;
}

/** What gets the entries, one after the other. */
interface RowSink {
  readonly push: (row: TableRow) => unknown;
}

/** Where a walk begins. */
export interface WalkStart {
  /** Relative to the context; "" is the context itself. */
  readonly folder: string;
  /** What the ignore file says of it; undefined for the context itself. */
  readonly match: MatchResult | undefined;
  /** The folders above that are to be listed once something in them is. */
  readonly pending: readonly PendingFolder[];
}

/** A folder on the way down, to be listed as soon as something in it turns out to count. */
interface PendingFolder {
  readonly row: TableRow;
  listed: boolean;
}

const TOP: WalkStart = { folder: "", match: undefined, pending: [] };

/**
 * Adds the entries of a folder of the context to the table: folders before what is in them, names in the order of their
 * UTF-8 bytes. What .dockerignore leaves out and what nothing selects is not looked at, and such folders are not entered
 * unless something in them may count. A folder that is ignored itself, or is only on the way, is listed only when
 * something in it is (BuildKit's rule). Sockets are left out, as BuildKit does.
 */
export function walkContext(options: WalkOptions, table: RowSink, start: WalkStart = TOP): void {
  const { root, ignore, selection, reader, checkpoint, witness } = options;
  const { folder, match: parent, pending } = start;
  const absolute = folder === "" ? root : `${root}/${folder}`;
  const names = onFile(folder === "" ? root : folder, () => sortedNames(reader.calls, absolute));
  for (const { text, valid } of names) {
    checkpoint();
    const path = folder === "" ? text : `${folder}/${text}`;
    const match = ignore.match(path, parent);
    if (match.ignored && !ignore.mayContainExceptions(path)) {
      continue;
    }
    const place = selection.placeOf(path);
    if (place === "outside") {
      continue;
    }
    if (!valid) {
      if (match.ignored) {
        continue;
      }
      throw invalidName(path);
    }
    const file = `${absolute}/${text}`;
    const stats = reader.lstat(file, path);
    if (stats.isDirectory()) {
      walkFolder(options, table, { path, match, stats, pending });
      continue;
    }
    const row = match.ignored ? undefined : reader.read({ file, path, stats, counts: place === "counts" });
    if (row === undefined) {
      witness?.leftOut(reader.leftOut(path, stats));
    } else {
      listAll(table, pending);
      table.push(row);
    }
  }
}

interface FoundFolder {
  readonly path: string;
  readonly match: MatchResult;
  readonly stats: Stats;
  readonly pending: readonly PendingFolder[];
}

/** Lists a folder that was found, and walks what is in it. */
export function walkFolder(options: WalkOptions, table: RowSink, found: FoundFolder): void {
  const { path, match, stats, pending } = found;
  const counts = options.selection.placeOf(path) === "counts";
  const row = options.reader.folder(path, stats, counts);
  const chain = [...pending, { row, listed: false }];
  const listed = counts && !match.ignored;
  options.witness?.folder(stats, listed ? undefined : row);
  if (listed) {
    listAll(table, chain);
  }
  if (options.selection.mayContain(path)) {
    walkContext(options, table, { folder: path, match, pending: listed ? [] : chain });
  }
}

function listAll(table: RowSink, folders: readonly PendingFolder[]): void {
  for (const folder of folders) {
    if (!folder.listed) {
      folder.listed = true;
      table.push(folder.row);
    }
  }
}

function invalidName(path: string): BuildContextError {
  return new BuildContextError(path, "the file's name is not valid UTF-8. Rename it, or ignore it in .dockerignore.");
}
