import { withCacheLock } from "./cache.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { execute, findCommand } from "./run.mjs";

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
