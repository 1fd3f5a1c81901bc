import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withCacheLock } from "./cache.mjs";
import { parseDependencies, parseInstalled } from "./packageLists.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { execute, findCommand, run } from "./run.mjs";

let updated;

/**
 * What is installed is for engines of our own; the machine is not to have its own dockerd beside them all of a sudden.
 * Debian's packages ask this file before they start a service. One that the machine has already is left as it is.
 */
const startNoServices = `set -e
policy=/usr/sbin/policy-rc.d mark="# Slipway, while it installs packages"
if [ ! -e "$policy" ] || grep -qxF "$mark" "$policy"; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' HUP INT TERM
  printf '#!/bin/sh\\n%s\\nexit 101\\n' "$mark" >"$policy"
  chmod 755 "$policy"
fi
"$@"`;

const apt = (...args) =>
  runAsRoot(["sh", "-c", startNoServices, "sh", "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });

async function update(log) {
  updated ??= apt("update");
  // A mirror that is briefly out of step is no reason to stop: what counts is whether what is asked for then works.
  await updated.catch((error) => log(`apt-get update: ${error.message}`));
}

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
    log(`Installing ${packages.join(" ")} (apt-get); what they bring of services is not started`);
    await update(log);
    const known = await Promise.all(optional.map(isKnown));
    await apt("install", "--no-install-recommends", ...packages, ...optional.filter((_, index) => known[index]));
  });
  if (missing().length > 0) throw new Error(`${packages.join(" ")} installed, but ${missing().join(", ")} not found`);
}

/**
 * Unpacks packages of the system into a folder, without installing them: what they would start, they do not.
 * @param {string[]} names
 * @param {string} folder
 * @param {(line: string) => void} log
 */
export async function unpackPackages(names, folder, log) {
  if (findCommand("apt-get") === undefined) throw new Error(`there is no apt-get to get ${names.join(" ")} with`);
  mkdirSync(folder, { recursive: true });
  await withCacheLock("apt", async () => {
    log(`Unpacking ${names.join(" ")} (apt-get download)`);
    const download = () => run(["apt-get", "-q", "download", ...names], { cwd: folder });
    // What the lists say may be gone from the mirror, or there may be no lists yet.
    await download().catch(async () => {
      await update(log);
      await download();
    });
  });
  for (const file of readdirSync(folder).filter((entry) => entry.endsWith(".deb"))) {
    await run(["dpkg-deb", "--extract", join(folder, file), folder]);
    rmSync(join(folder, file));
  }
}

/** The packages of libraries that these packages depend on and that are not installed. */
export async function missingLibraryPackages(names) {
  const english = { env: { LC_ALL: "C" } };
  const dependencies = parseDependencies(await run(["apt-cache", "depends", "--important", ...names], english));
  const format = "${Package} ${db:Status-Status}\n";
  const installed = parseInstalled(await run(["dpkg-query", "--show", `--showformat=${format}`], english));
  return dependencies.filter((name) => name.startsWith("lib") && !installed.has(name));
}
