import type { Stats } from "node:fs";
import type { MatchResult } from "../../dockerignore/IgnoreMatcher";
import { messageOf } from "../../errors/ExpectedError";
import { BuildContextError } from "../../errors/imageErrors";
import { comparePaths } from "./comparePaths";
import { ContextTable, ENTRY_KIND, rowAt, type TableData, type TableRow } from "./ContextTable";
import { EntryReader } from "./EntryReader";
import { FileHasher } from "./FileHasher";
import { kindOf } from "./RecordedTree";
import type { Replacement } from "./replaceRows";
import type { ChangedPaths } from "./rescanPaths";
import type { ScannedContext, ScanTools } from "./scanWhole";
import { Witness } from "./verify/Witness";
import { walkFolder } from "./walkContext";

/** Editors are told of some of what git writes only (VS Code's files.watcherExclude leaves out the objects). */
const IN_GIT = /(?:^|\/)\.git(?:\/|$)/u;
/** A folder with more entries is quicker to scan with the stat cache. */
const MOST_IN_FOLDER = 200;
/** What comes of a path that is not there. */
const GONE = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

/** How a path is reached. */
interface Way {
  /** Neither the path nor anything in it can count. */
  readonly pruned: boolean;
  /** Whether a folder above is listed only because of what is in it. */
  readonly unlisted: boolean;
  /** What the ignore file says of the path itself. */
  readonly match: MatchResult;
}

/** Looks at single paths of a context that was scanned. */
export class Rescan {
  readonly #reader: EntryReader;

  constructor(
    private readonly root: string,
    private readonly before: ScannedContext,
    private readonly changes: Pick<ChangedPaths, "areAll" | "gone">,
    private readonly tools: ScanTools,
  ) {
    this.#reader = new EntryReader(tools.calls, new FileHasher(tools.calls, tools.checkpoint), undefined);
  }

  get hashed(): number {
    return this.#reader.hashed;
  }

  /** @returns what comes in the place of the path's rows; "whole" if only a whole scan can tell. */
  look(path: string): Replacement | "nothing" | "whole" {
    this.tools.checkpoint();
    const { data, tree } = this.before;
    const way = this.#wayTo(path);
    if (way === undefined) {
      return "whole";
    }
    if (way.pruned && !tree.hasLookedAt(path)) {
      return "nothing";
    }
    if (!this.changes.areAll && IN_GIT.test(path)) {
      return "whole";
    }
    const stats = this.#lstat(path);
    if (!this.changes.areAll && tree.isOutdatedBy(path, stats === undefined ? undefined : kindOf(stats))) {
      return "whole";
    }
    if (way.pruned) {
      return "nothing";
    }
    const { start, end } = rangeOf(data, path);
    const old = start < end ? rowAt(data, start) : undefined;
    const cameOrWent = (old === undefined) !== (stats === undefined);
    const isFolder = stats?.isDirectory() === true;
    // Whether the folders above are listed depends on what is in them.
    const movesFolders = way.unlisted && (cameOrWent || isFolder || old?.kind === ENTRY_KIND.directory);
    const mayBeTwin = !this.changes.areAll && old === undefined && hasTwin(data, path);
    if (movesFolders || end - start > MOST_IN_FOLDER || mayBeTwin) {
      return "whole";
    }
    if (stats === undefined) {
      return start === end ? "nothing" : { start, end, rows: [] };
    }
    const rows = isFolder ? this.#folder(path, way.match, stats) : this.#entry(path, way.match, stats);
    return rows === undefined ? "whole" : { start, end, rows };
  }

  /** @returns undefined where a folder on the way is not there yet, as far as is known. */
  #wayTo(path: string): Way | undefined {
    const { ignore, selection, data } = this.before;
    let match: MatchResult | undefined;
    let unlisted = false;
    for (let slash = path.indexOf("/"); ; slash = path.indexOf("/", slash + 1)) {
      const part = slash < 0 ? path : path.slice(0, slash);
      match = ignore.match(part, match);
      const pruned =
        (match.ignored && !ignore.mayContainExceptions(part)) ||
        selection.placeOf(part) === "outside" ||
        (slash >= 0 && !selection.mayContain(part));
      if (pruned || slash < 0) {
        return { pruned, unlisted, match };
      }
      const listed = !match.ignored && selection.placeOf(part) === "counts";
      const { start, end } = rangeOf(data, part);
      if (listed && (start === end || rowAt(data, start).kind !== ENTRY_KIND.directory)) {
        return undefined;
      }
      if (!listed && this.#lstat(part)?.isDirectory() !== true) {
        // Nothing tells whether a link has taken its place, which must not be followed.
        return undefined;
      }
      unlisted ||= !listed;
    }
  }

  #lstat(path: string): Stats | undefined {
    if (this.changes.gone?.has(path) === true) {
      return undefined;
    }
    try {
      return this.tools.calls.lstat(`${this.root}/${path}`);
    } catch (error) {
      if (GONE.has((error as NodeJS.ErrnoException).code ?? "")) {
        return undefined;
      }
      throw new BuildContextError(path, `cannot be read (${messageOf(error)}).`, { cause: error });
    }
  }

  #entry(path: string, match: MatchResult, stats: Stats): readonly TableRow[] | undefined {
    const counts = this.before.selection.placeOf(path) === "counts";
    const row = match.ignored ? undefined : this.#reader.read({ file: `${this.root}/${path}`, path, stats, counts });
    // Nobody has written down that what is left out was looked at.
    return row === undefined ? (this.changes.areAll ? undefined : []) : [row];
  }

  #folder(path: string, match: MatchResult, stats: Stats): readonly TableRow[] | undefined {
    const { ignore, selection } = this.before;
    const table = new ContextTable();
    const { checkpoint } = this.tools;
    const rowOfPath = this.#reader.folder(path, stats, false);
    const witness = this.changes.areAll ? new Witness(rowOfPath, stats) : undefined;
    const walk = { root: this.root, ignore, selection, reader: this.#reader, checkpoint, witness };
    walkFolder(walk, table, { path, match, stats, pending: [] });
    if (witness !== undefined && (witness.device === undefined || witness.table.count > 1)) {
      return undefined;
    }
    const data = table.data();
    return Array.from({ length: data.count }, (_, index) => rowAt(data, index));
  }
}

/** The entries at and below a path, from `start` to before `end`; where they would be when there are none. */
function rangeOf({ paths, count }: TableData, path: string): { readonly start: number; readonly end: number } {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comparePaths(paths[middle] ?? "", path) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  let end = low;
  while (end < count && (paths[end] === path || paths[end]?.startsWith(`${path}/`) === true)) {
    end++;
  }
  return { start: low, end };
}

/**
 * Whether there is an entry that some file systems take for the same: there, a file that was given a name with other
 * capitals is found under its old name, too.
 */
function hasTwin({ paths, count }: TableData, path: string): boolean {
  const folded = fold(path);
  for (let index = 0; index < count; index++) {
    const other = paths[index] ?? "";
    if (other.length === path.length || other.normalize() !== other) {
      if (other !== path && fold(other) === folded) {
        return true;
      }
    }
  }
  return false;
}

function fold(path: string): string {
  return path.normalize().toLowerCase();
}
