import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./lock.mjs";
import { throwIfStopping } from "./run.mjs";

/** The clone these scripts belong to. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Where everything downloaded or made is kept: outside the tree, shared by all clones. */
export const cacheFolder = resolve(
  process.env.SLIPWAY_DEV_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipway-dev"),
);

/** Short and stable: two caches on one machine must not share a bridge, a container namespace or a socket. */
export const shortHash = (text) => createHash("sha256").update(text).digest("hex").slice(0, 7);

/** A path in the cache, whose folder exists. */
export function cachePath(...parts) {
  const path = join(cacheFolder, ...parts);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

/** Runs `work` while no other process, of this clone or another, runs work of the same name. */
export const withCacheLock = (name, work, log) => withLock(cachePath("locks", `${name}.lock`), work, log);

/**
 * Makes `path` unless it is there. It is made under a name beside it and renamed when it is whole, so that a run that
 * was interrupted never leaves a half-made thing that a later one trusts.
 * @param {string} path
 * @param {(temporary: string) => Promise<void>} make
 * @param {{ log?: (line: string) => void, remove?: (path: string) => Promise<unknown> }} [options]
 */
export async function makeOnce(
  path,
  make,
  { log, remove = (half) => rm(half, { recursive: true, force: true }) } = {},
) {
  if (existsSync(path)) return path;
  const work = async () => {
    if (existsSync(path)) return;
    throwIfStopping();
    const temporary = `${path}.part`;
    if (existsSync(temporary)) await remove(temporary);
    await make(temporary);
    await rename(temporary, path);
  };
  await withCacheLock(`make-${basename(path)}-${shortHash(path)}`, work, log);
  return path;
}
