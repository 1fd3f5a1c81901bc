import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withCacheLock } from "./cache.mjs";
import { daemonPid, startDaemon, stopDaemon } from "./daemon.mjs";
import { call, engineVersion } from "./engineApi.mjs";
import { layout } from "./engineLayout.mjs";
import { engineTable } from "./engineTable.mjs";
import { isAlive, processId } from "./lock.mjs";
import { ensurePackages } from "./packages.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { run, throwIfStopping } from "./run.mjs";

/** @returns {Promise<{ endpoint: string, version: string } | undefined>} undefined for an engine that is down */
export async function engineStatus(name) {
  const { engine } = engineTable[name];
  const place = layout(name);
  if (daemonPid(place) === undefined) return undefined;
  const endpoint = engine.endpoint?.(place) ?? `unix://${place.socket}`;
  const version = await (engine.version ?? engineVersion)(endpoint);
  return version === undefined ? undefined : { endpoint, version };
}

/** After a reboot, what the engine believes to be running is not, and Podman does not notice by itself. */
async function forgetEarlierBoot({ folder, runFolder }) {
  const stamp = join(folder, "boot");
  const boot = existsSync("/proc/sys/kernel/random/boot_id")
    ? readFileSync("/proc/sys/kernel/random/boot_id", "utf8")
    : "";
  if (existsSync(stamp) && readFileSync(stamp, "utf8") !== boot) {
    await runAsRoot(["rm", "-rf", "--one-file-system", ...["exec", "run", "tmp"].map((part) => join(runFolder, part))]);
  }
  writeFileSync(stamp, boot);
}

/** Podman leaves containers running when it ends, and dockerd waits ten seconds for each. */
async function endContainers(endpoint, { forTests, isRegistry }) {
  if (isRegistry) return;
  for (const { Id, State } of (await call(endpoint, `/containers/json?all=${forTests}`).catch(() => [])) ?? []) {
    const request = forTests ? [`/containers/${Id}?force=true`, "DELETE"] : [`/containers/${Id}/kill`, "POST"];
    if (forTests || State === "running") await call(endpoint, request[0], { method: request[1] }).catch(() => {});
  }
}

/** Stops an engine and what it left, also one that was killed. For whoever holds its lock. */
export async function stopNow(name) {
  const { engine } = engineTable[name];
  const place = layout(name);
  const status = await engineStatus(name);
  if (status) await endContainers(status.endpoint, engineTable[name]);
  await stopDaemon(place);
  await engine.cleanUp(place);
  rmSync(place.usersFolder, { recursive: true, force: true });
}

/** Those who use the engine and still run. `kept` stands for a person who wants it until told otherwise. */
const users = ({ usersFolder }) =>
  (existsSync(usersFolder) ? readdirSync(usersFolder) : []).filter(
    (user) => user === "kept" || isAlive(readFileSync(join(usersFolder, user), "utf8")),
  );

async function startNow(name, log) {
  throwIfStopping();
  const { engine, forTests } = engineTable[name];
  const place = layout(name);
  mkdirSync(place.folder, { recursive: true });
  await ensurePackages({ ...engine.needs, log });
  // What is left of one that hangs or was killed.
  await stopNow(name);
  await forgetEarlierBoot(place);
  log(`Starting ${engine.title} (${place.folder})`);
  const command = await engine.prepare({ ...place, log });
  throwIfStopping();
  // Looked at anew: by now a user of its own is there.
  await startDaemon(layout(name), command, async () => (await engineStatus(name)) !== undefined);
  const status = await engineStatus(name);
  // After one that was killed, Podman still believes in containers that have ended.
  if (status && forTests) await endContainers(status.endpoint, engineTable[name]);
  return status;
}

/**
 * Starts an engine. One for tests holds nothing worth keeping, so that one which does not start on what an earlier
 * version of it, or of these scripts, has left there starts once more without that.
 */
async function startOrStartOver(name, log) {
  const { folder, isCallers } = layout(name);
  const isNew = !existsSync(folder);
  try {
    return await startNow(name, log);
  } catch (error) {
    if (isNew || !engineTable[name].forTests) throw error;
    throwIfStopping();
    log(`${name} is started once more, without what it had: ${error.message.trim().split("\n").at(-1)}`);
    await (isCallers ? run : runAsRoot)(["rm", "-rf", "--one-file-system", folder]);
    return startNow(name, log);
  }
}

/**
 * Starts an engine of ours unless it is up, installing it from the system's packages if need be. This process becomes
 * one of its users; with `keep` the engine outlives them all.
 * @param {string} name
 * @param {{ keep?: boolean, log?: (line: string) => void }} [options]
 * @returns {Promise<{ endpoint: string, version: string }>}
 */
export async function engineUp(name, { keep = false, log = console.log } = {}) {
  if (process.platform !== "linux")
    throw new Error("engines can only be started on Linux: start Docker or Podman yourself");
  const work = async () => {
    const status = (await engineStatus(name)) ?? (await startOrStartOver(name, log));
    const { usersFolder } = layout(name);
    mkdirSync(usersFolder, { recursive: true });
    writeFileSync(join(usersFolder, keep ? "kept" : String(process.pid)), processId());
    return status;
  };
  return withCacheLock(`engine-${name}`, work, log);
}

/** Stops an engine of ours. Resolves to whether it was there to be stopped. */
export const engineDown = (name, log) =>
  withCacheLock(
    `engine-${name}`,
    async () => {
      const place = layout(name);
      if (!existsSync(place.folder)) return false;
      const wasUp = daemonPid(place) !== undefined;
      await stopNow(name);
      return wasUp;
    },
    log,
  );

/** This process needs the engine no longer; the last of its users stops it. */
export const engineRelease = (name, log) =>
  withCacheLock(
    `engine-${name}`,
    async () => {
      const place = layout(name);
      rmSync(join(place.usersFolder, String(process.pid)), { force: true });
      if (existsSync(place.folder) && users(place).length === 0) await stopNow(name);
    },
    log,
  );
