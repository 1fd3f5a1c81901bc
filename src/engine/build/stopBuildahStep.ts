import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/**
 * Podman goes on with the RUN step of a build whose client has left, and its API has no way to end it. So each build
 * gets a host name of its own (an entry in /etc/hosts of every RUN step), by which the step's processes are found.
 */
export function buildahMarker(buildId: string): string {
  return `slipway-build-${buildId}.invalid`;
}

/** Podman's own (64 MiB). */
const SHM_BYTES = 1 << 26;
const PAGE_BYTES = 4_096;
const MOST_PAGES_MORE = 1 << 18;

/**
 * Where a step has no network, Podman gives it no /etc/hosts either. There it is known by the size of its /dev/shm, which is a
 * little more than usual, and different for each build.
 *
 * @returns in bytes
 */
export function buildahShmSize(buildId: string): number {
  const random = createHash("sha256").update(buildId).digest().readUInt32BE();
  return SHM_BYTES + (1 + (random % MOST_PAGES_MORE)) * PAGE_BYTES;
}

const PAUSE_MS = 50;
/** How long a step that was just starting is looked for. */
const LOOKS_FOR_MS = 2_000;
/** A build that is cancelled has ended within a second, whatever it was doing. */
const WAITS_MS = 700;
/** Of a file in /proc. Builders write their own entries in /etc/hosts at the beginning. */
const MOST_BYTES = 1 << 16;

/**
 * Kills the processes of a build's RUN step, when the engine runs on this machine (Linux) and lets us. A step may just
 * be starting, so it looks several times: most often there is none, and so it goes on with that after it has resolved.
 */
export async function stopBuildahStep(buildId: string, network: string | undefined): Promise<void> {
  if (process.platform !== "linux") {
    return;
  }
  const found = new AbortController();
  const enough = setTimeout(WAITS_MS, undefined, { signal: found.signal }).catch(() => undefined);
  killStep(network === "none" ? hasShmSize(buildahShmSize(buildId)) : hasHost(buildahMarker(buildId))).then(
    () => {
      found.abort();
    },
    () => {
      // Without /proc there is nothing to find.
      found.abort();
    },
  );
  await enough;
}

async function killStep(isOfBuild: IsOfBuild): Promise<void> {
  const end = performance.now() + LOOKS_FOR_MS;
  let killed = false;
  while (performance.now() < end) {
    const pids = await processesOf(isOfBuild);
    for (const pid of pids) {
      killed = killProcess(pid) || killed;
    }
    // Once its processes are gone, buildah notices that nobody waits for the build and takes it down.
    if (killed && pids.length === 0) {
      return;
    }
    await setTimeout(PAUSE_MS);
  }
}

type IsOfBuild = (pid: string) => Promise<boolean>;

function hasHost(name: string): IsOfBuild {
  return async (pid) => (await beginningOf(`/proc/${pid}/root/etc/hosts`)).includes(name);
}

/** Another container may have such a size by chance, but none that is a step of buildah's. */
function hasShmSize(bytes: number): IsOfBuild {
  const size = new RegExp(` /dev/shm .*\\bsize=${String(bytes / 1024)}k\\b`);
  return async (pid) => {
    const mounts = await beginningOf(`/proc/${pid}/mountinfo`);
    return size.test(mounts) && /\/buildah\d+\/hostname \/etc\/hostname /.test(mounts);
  };
}

async function processesOf(isOfBuild: IsOfBuild): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(pids.map(async (pid) => ((await isOfBuild(pid)) ? [Number(pid)] : [])));
  return found.flat();
}

/** The file may belong to the container: it may be anything, and is neither waited for nor followed elsewhere. */
async function beginningOf(path: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const buffer = Buffer.alloc(MOST_BYTES);
      let length = 0;
      // What is in /proc comes in pages.
      for (let read = 1; read > 0 && length < buffer.length; length += read) {
        read = (await file.read(buffer, length, buffer.length - length)).bytesRead;
      }
      return buffer.toString("latin1", 0, length);
    } finally {
      await file.close();
    }
  } catch {
    // The process has ended, or is not ours to look at.
    return "";
  }
}

function killProcess(pid: number): boolean {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}
