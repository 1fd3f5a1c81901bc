import type { ContextSource } from "./ContextSelection";
import type { ContextTree } from "./ContextTree";
import { linksBelow } from "./linksBelow";
import { matchesName } from "./matchesName";

/** As many as BuildKit follows for one path. */
const MAX_LINKS = 255;
/** How many links that links lead to are followed before the whole context counts: they can be a maze. */
const MAX_STEPS = 5_000;

interface Part {
  readonly text: string;
  readonly wildcards: boolean;
}

/** A place on the way to what a source stands for: a folder without links in its path, and what is still to go. */
interface Position {
  readonly folder: string;
  readonly rest: readonly Part[];
  /** How many links led here. */
  readonly links: number;
}

/**
 * Finds what the sources of COPY and ADD and of bind mounts stand for in a context: follows links in every part of a path,
 * the last included, within the context only, and tries wildcards folder by folder, as BuildKit does
 * (cache/contenthash and fsutil's copy). Where buildah finds more, that counts too: it follows a link that a wildcard
 * within the path matches, and to it `**` stands for any folders.
 */
export class SourceResolver {
  /** What is taken, with all that is below it; the sources that take it. */
  readonly roots = new Map<string, ContextSource[]>();
  /** What counts by itself: links that were followed, and folders above a root if its source has `parents`. */
  readonly single = new Set<string>();
  /** Folders that lead to what counts. */
  readonly way = new Set<string>();
  readonly #tree: ContextTree;
  #steps = 0;

  constructor(tree: ContextTree) {
    this.#tree = tree;
  }

  /** @returns false if that took too many steps: what was found so far is not all */
  add(source: ContextSource): boolean {
    const pending: Position[] = [{ folder: "", rest: partsOf(source), links: 0 }];
    const seen = new Set<string>();
    for (let position = pending.pop(); position !== undefined; position = pending.pop()) {
      const key = JSON.stringify(position, ["folder", "rest", "text", "wildcards"]);
      if (!seen.has(key)) {
        seen.add(key);
        // Not all at once as arguments: there can be more of them than a call can have.
        for (const next of this.#follow(position, source)) {
          pending.push(next);
        }
      }
      if (this.#steps > MAX_STEPS) {
        return false;
      }
    }
    return this.#linksIn(source).every((path) => this.add({ ...source, path, wildcards: false, excludes: [] }));
  }

  /**
   * Where something is left out, BuildKit follows the links below a folder to work out whether its cache has it, and
   * fails at one that leads to nothing: so what they lead to is sent, left out or not.
   */
  #linksIn(source: ContextSource): readonly string[] {
    if (source.excludes.length === 0) {
      return [];
    }
    return [...this.roots].flatMap(([path, sources]) =>
      sources.includes(source) && (path === "" || this.#tree.kindOf(path) === "directory")
        ? linksBelow(this.#tree, path, source.excludes)
        : [],
    );
  }

  #follow(position: Position, source: ContextSource): readonly Position[] {
    const [part, ...rest] = position.rest;
    if (part === undefined) {
      this.#take(position.folder, source);
      return [];
    }
    if (!part.wildcards) {
      return this.#enter(position, part.text, rest, source);
    }
    if (part.text === "**") {
      return this.#enterAll(position, rest);
    }
    const matches = matchesName(part.text);
    // A name can also have the wildcards in it.
    const names = new Set([...this.#tree.namesIn(position.folder).filter(matches), part.text]);
    return [...names].flatMap((name) => this.#enter(position, name, rest, source));
  }

  /** Any number of folders, none included. */
  #enterAll({ folder, rest: all, links }: Position, rest: readonly Part[]): readonly Position[] {
    const below = this.#tree
      .namesIn(folder)
      .map((name) => join(folder, name))
      .filter((path) => this.#tree.kindOf(path) === "directory");
    return [{ folder, rest, links }, ...below.map((path) => ({ folder: path, rest: all, links }))];
  }

  #enter(position: Position, name: string, rest: readonly Part[], source: ContextSource): readonly Position[] {
    const { folder, links } = position;
    if (name === "..") {
      if (folder !== "" && !this.way.has(folder)) {
        // Where a system follows the link (Podman's), the folder has to be there, with nothing in it if need be.
        this.single.add(folder);
      }
      this.#lead(parentOf(folder));
      return [{ folder: parentOf(folder), rest, links }];
    }
    const path = join(folder, name);
    switch (this.#tree.kindOf(path)) {
      case "directory":
        return [{ folder: path, rest, links }];
      case "symlink":
        return this.#followLink({ folder, rest, links }, path);
      case "file":
      case "other":
        if (rest.length === 0) {
          this.#take(path, source);
        }
        return [];
      case undefined:
        return [];
    }
  }

  #followLink({ folder, rest, links }: Position, path: string): readonly Position[] {
    this.single.add(path);
    this.#lead(parentOf(path));
    this.#steps += links === 0 ? 0 : 1;
    if (links === MAX_LINKS) {
      return [];
    }
    const target = this.#tree.linkOf(path);
    // One made on Windows has other separators and possibly a drive.
    const targets = new Set([target, target.replaceAll("\\", "/").replace(/^[A-Za-z]:/u, "")]);
    return [...targets].flatMap((text) => {
      const start = text.startsWith("/") ? "" : folder;
      const parts = literalParts(text);
      const next = { folder: start, rest: [...parts, ...rest], links: links + 1 };
      // What sends the context takes "a/.." away before it looks whether "a" is a link; what reads it does not.
      const shorter = withoutDetours(parts);
      return shorter.length === parts.length ? [next] : [next, { ...next, rest: [...shorter, ...rest] }];
    });
  }

  #take(path: string, source: ContextSource): void {
    const sources = this.roots.get(path);
    if (sources === undefined) {
      this.roots.set(path, [source]);
    } else {
      sources.push(source);
    }
    this.#lead(parentOf(path));
    if (source.parents) {
      for (let folder = parentOf(path); folder !== ""; folder = parentOf(folder)) {
        this.single.add(folder);
      }
    }
  }

  #lead(to: string): void {
    for (let folder = to; folder !== "" && !this.way.has(folder); folder = parentOf(folder)) {
      this.way.add(folder);
    }
  }
}

function partsOf({ path, wildcards }: ContextSource): readonly Part[] {
  const parts = path === "." ? [] : path.split("/");
  return parts.map((text) => ({ text, wildcards: wildcards && /[*?[\\]/u.test(text) }));
}

function literalParts(path: string): readonly Part[] {
  return path
    .split("/")
    .filter((text) => text !== "" && text !== ".")
    .map((text) => ({ text, wildcards: false }));
}

function withoutDetours(parts: readonly Part[]): readonly Part[] {
  const kept: Part[] = [];
  for (const part of parts) {
    if (part.text === ".." && kept.length > 0 && kept.at(-1)?.text !== "..") {
      kept.pop();
    } else {
      kept.push(part);
    }
  }
  return kept;
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
