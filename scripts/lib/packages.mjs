import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withCacheLock } from "./cache.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { execute, findCommand, run } from "./run.mjs";

let updated;

const apt = (...args) =>
  runAsRoot(["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });

/** Whether apt knows a package, by its own name: what one release has another may lack. */
const isKnown = async (name) => (await execute(["apt-cache", "show", name])).code === 0;

/**
 * Sees to it that commands are there, installing the system's packages if not. Rejects with the reason where that
 * cannot be done.
 * @param {{ commands: string[], packages: string[], optional?: string[], log?: (line: string) => void }} request
 *   Nothing is installed while all `commands` are there; `optional` packages only where the system has them.
 */
export async function ensurePackages({ commands, packages, optional = [], log = console.log }) {
  const missing = () => commands.filter((name) => findCommand(name) === undefined);
  if (missing().length === 0) return;
  if (findCommand("apt-get") === undefined) {
    throw new Error(`${missing().join(", ")} missing, and there is no apt-get: install ${packages.join(" ")} yourself`);
  }
  await withCacheLock("apt", async () => {
    if (missing().length === 0) return;
    log(`Installing ${packages.join(" ")} (apt-get)`);
    updated ??= apt("update");
    // A mirror that is briefly out of step is no reason to stop: what counts is whether the install works.
    await updated.catch((error) => log(`apt-get update: ${error.message}`));
    const known = await Promise.all(optional.map(isKnown));
    await apt("install", "--no-install-recommends", ...packages, ...optional.filter((_, index) => known[index]));
  });
  if (missing().length > 0) throw new Error(`${packages.join(" ")} installed, but ${missing().join(", ")} not found`);
}

/**
 * Unpacks a package of the system into a folder, without installing it: what it would start, it does not.
 * @param {string} name
 * @param {string} folder that does not exist
 * @param {(line: string) => void} log
 */
export async function unpackPackage(name, folder, log) {
  if (findCommand("apt-get") === undefined) throw new Error(`there is no apt-get to get ${name} with`);
  mkdirSync(folder);
  await withCacheLock("apt", async () => {
    log(`Unpacking ${name} (apt-get download)`);
    const download = () => run(["apt-get", "-q", "download", name], { cwd: folder });
    // What the lists say may be gone from the mirror, or there may be no lists yet.
    await download().catch(async () => {
      updated ??= apt("update");
      await updated.catch((error) => log(`apt-get update: ${error.message}`));
      await download();
    });
  });
  const [file] = readdirSync(folder).filter((entry) => entry.endsWith(".deb"));
  await run(["dpkg-deb", "--extract", join(folder, file), folder]);
  rmSync(join(folder, file));
}
