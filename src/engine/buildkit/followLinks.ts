import { posix } from "node:path";
import { compileGlob } from "../../core/dockerignore/compileGlob";
import type { SharedFolder } from "./SharedFolder";

/** As many symlinks one after the other as Linux follows. */
const MOST_LINKS = 40;

/**
 * The paths and globs that `paths` stand for, and what the symlinks on them lead to, in a folder (FollowLinks of
 * tonistiigi/fsutil). @returns undefined when that is the whole folder.
 */
export function followLinks(folder: SharedFolder, paths: readonly string[]): readonly string[] | undefined {
  const links = new Map(
    folder.flatMap(({ stat }) => (stat.linkname === "" ? [] : [[stat.path, stat.linkname] as const])),
  );
  const found = new Set<string>();
  const seen = new Set<string>();
  const pending = paths.map((path) => ({ path: fromRoot(path), followed: 0 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, followed } = next;
    if (path === "") {
      return undefined;
    }
    if (seen.has(path) || followed > MOST_LINKS) {
      continue;
    }
    seen.add(path);
    const step = firstLinks(links, path);
    found.add(step?.at ?? path);
    for (const target of step?.targets ?? []) {
      pending.push({ path: fromRoot(posix.join(target, step?.rest ?? "")), followed: followed + 1 });
    }
  }
  return [...found];
}

interface Step {
  /** The beginning of the path that is, or as a glob has among others, symlinks. */
  readonly at: string;
  readonly targets: readonly string[];
  readonly rest: string;
}

function firstLinks(links: ReadonlyMap<string, string>, path: string): Step | undefined {
  const names = path.split("/");
  for (const [index] of names.entries()) {
    const at = names.slice(0, index + 1).join("/");
    const targets = linksAt(links, at).map(([link, target]) => posix.resolve("/", posix.dirname(link), target));
    if (targets.length > 0) {
      return { at, targets, rest: names.slice(index + 1).join("/") };
    }
  }
  return undefined;
}

function linksAt(links: ReadonlyMap<string, string>, path: string): readonly (readonly [string, string])[] {
  if (hasWildcard(path)) {
    const { matches } = compileGlob(path);
    return [...links].filter(([link]) => matches(link));
  }
  const target = links.get(path);
  return target === undefined ? [] : [[path, target]];
}

export function hasWildcard(path: string): boolean {
  return /[*?[\\]/.test(path);
}

/** Relative to the folder, which nothing leads out of; the folder itself is "". */
function fromRoot(path: string): string {
  return posix.resolve("/", path).slice(1);
}
