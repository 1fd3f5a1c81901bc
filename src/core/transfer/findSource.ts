import { lstat, realpath } from "node:fs/promises";
import { isAbsolute, join, posix, relative, sep } from "node:path";
import type { Stats } from "node:fs";
import { messageOf } from "../errors/ExpectedError";
import { CopyInError } from "../errors/transferErrors";
import { isPattern, parsePathPattern, type PathPattern } from "./pathPattern";

/** What is to be copied into a container. */
export type CopySource =
  /** A file or a folder of the workspace, links followed. */
  | { readonly kind: "entry"; readonly file: string; readonly name: string; readonly stats: Stats }
  /** A link that leads out of the workspace, or nowhere. */
  | { readonly kind: "link"; readonly file: string; readonly name: string; readonly stats: Stats }
  | { readonly kind: "pattern"; readonly folder: string; readonly pattern: PathPattern };

/**
 * Finds a path or a pattern in a workspace. What is there by that very name comes before what the pattern means. Rejects
 * with CopyInError where there is nothing, or where it is not in the workspace.
 *
 * @param workspaceFolder absolute.
 */
export async function findSource(workspaceFolder: string, source: string): Promise<CopySource> {
  const root = await realpath(workspaceFolder);
  const path = posix.normalize(source).replace(/(?<=.)\/$/, "");
  if (posix.isAbsolute(path) || isAbsolute(path) || path === ".." || path.startsWith("../")) {
    throw outside(source);
  }
  const found = await tryLstat(join(root, path));
  if (found !== undefined) {
    return findEntry(root, { source, path, stats: found });
  }
  const pattern = isPattern(path) ? parsePathPattern(path) : undefined;
  if (pattern === undefined) {
    throw missing(source);
  }
  if ("problem" in pattern) {
    throw new CopyInError(source, `this is no valid pattern (${pattern.problem}). Correct it in slipway.json.`);
  }
  const folder = await realpath(join(root, pattern.base)).catch(() => undefined);
  if (folder === undefined) {
    throw missing(source);
  }
  if (!isInside(root, folder)) {
    throw outside(source);
  }
  return { kind: "pattern", folder, pattern };
}

async function findEntry(
  root: string,
  { source, path, stats }: { readonly source: string; readonly path: string; readonly stats: Stats },
): Promise<CopySource> {
  const name = path === "." ? "" : posix.basename(path);
  const parent = await realpath(join(root, posix.dirname(path)));
  if (!isInside(root, parent)) {
    throw outside(source);
  }
  const file = join(parent, name);
  if (!stats.isSymbolicLink()) {
    return { kind: "entry", file, name, stats };
  }
  const real = await realpath(file).catch(() => undefined);
  return real === undefined || !isInside(root, real)
    ? { kind: "link", file, name, stats }
    : { kind: "entry", file: real, name, stats: await lstat(real) };
}

/** Whether a path is that of a folder, or in it. Both are absolute and without links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function tryLstat(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) {
      return undefined;
    }
    throw new CopyInError(file, `it cannot be looked at (${messageOf(error)}).`, { cause: error });
  }
}

function missing(source: string): CopyInError {
  return new CopyInError(source, "there is no such file or folder in the workspace. Correct copyIn in slipway.json.");
}

function outside(source: string): CopyInError {
  return new CopyInError(
    source,
    "it is not in the workspace. Copy it there, or mount it (run.mounts in slipway.json) instead.",
  );
}
