import type { IgnoreMatcher } from "../../dockerignore/IgnoreMatcher";
import type { ContextTree } from "../selection/ContextTree";
import type { EntryReader } from "./EntryReader";
import { onFile } from "./onFile";

type Kind = ReturnType<ContextTree["kindOf"]>;

/** What comes of a path that is not there, or that nothing can be at. */
const NOTHING_THERE = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"]);

/** The context's files for resolveSelection, which remembers what it has answered. */
export class RecordedTree implements ContextTree {
  readonly #kinds = new Map<string, Kind>();
  readonly #listed = new Map<string, readonly string[]>();

  constructor(
    private readonly root: string,
    private readonly ignore: IgnoreMatcher,
    private readonly reader: EntryReader,
  ) {}

  /** Whether what was resolved depends on the path, be it only on whether it is there. */
  hasLookedAt(path: string): boolean {
    return this.#kinds.has(path) || this.#listed.has(parentOf(path));
  }

  /** Whether what was resolved may be something else once the path is of this kind, or is not there (undefined). */
  isOutdatedBy(path: string, kind: Kind): boolean {
    const parent = parentOf(path);
    const name = path.slice(parent === "" ? 0 : parent.length + 1);
    const listed = this.#listed.get(parent);
    const told = this.#kinds.has(path) && (this.#kinds.get(path) !== kind || kind === "symlink");
    const cameOrWent = listed !== undefined && !this.#isLeftOut(path) && listed.includes(name) !== (kind !== undefined);
    return told || cameOrWent || (kind !== "file" && this.#hasLookedBelow(path));
  }

  /** A folder's own change may stand for one of anything in it: it was moved here, or made anew. */
  #hasLookedBelow(folder: string): boolean {
    const prefix = `${folder}/`;
    const isBelow = (path: string): boolean => path.startsWith(prefix);
    return this.#listed.has(folder) || [...this.#kinds.keys()].some(isBelow);
  }

  #isLeftOut(path: string): boolean {
    return this.ignore.match(path).ignored && !this.ignore.mayContainExceptions(path);
  }

  kindOf(path: string): Kind {
    if (!this.#kinds.has(path)) {
      this.#kinds.set(path, this.#lookAt(path));
    }
    return this.#kinds.get(path);
  }

  linkOf(path: string): string {
    return this.reader.readTarget(this.#absolute(path), path);
  }

  /** Without the folders that are left out with all that is in them, which nothing can be selected from. */
  namesIn(path: string): readonly string[] {
    const known = this.#listed.get(path);
    if (known !== undefined) {
      return known;
    }
    const inside = (name: string): string => (path === "" ? name : `${path}/${name}`);
    const entries = onFile(path, () => this.reader.calls.readKinds(this.#absolute(path))).filter(
      ({ name }) => !this.#isLeftOut(inside(name)),
    );
    for (const entry of entries) {
      // A wildcard that matches all of them asks for each.
      this.#kinds.set(inside(entry.name), kindOf(entry));
    }
    const names = entries.map(({ name }) => name);
    this.#listed.set(path, names);
    return names;
  }

  #lookAt(path: string): Kind {
    try {
      return kindOf(this.reader.calls.lstat(this.#absolute(path)));
    } catch (error) {
      if (NOTHING_THERE.has((error as NodeJS.ErrnoException).code ?? "")) {
        return undefined;
      }
      return onFile(path, () => {
        throw error;
      });
    }
  }

  #absolute(path: string): string {
    return path === "" ? this.root : `${this.root}/${path}`;
  }
}

export function kindOf(stats: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): "file" | "directory" | "symlink" | "other" {
  if (stats.isFile()) {
    return "file";
  }
  if (stats.isDirectory()) {
    return "directory";
  }
  return stats.isSymbolicLink() ? "symlink" : "other";
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
