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

const ATTEMPTS = 20;
const PAUSE_MS = 50;
/** Builders write their own entries at the beginning. */
const MOST_HOSTS_BYTES = 1 << 16;

/**
 * Kills the processes of a build's RUN step, when the engine runs on this machine (Linux) and lets us. A step may just
 * be starting, so it looks several times.
 */
export async function stopBuildahStep(buildId: string): Promise<void> {
  if (process.platform !== "linux") {
    return;
  }
  const marker = buildahMarker(buildId);
  let killed = false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pids = await processesWithHost(marker);
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

async function processesWithHost(name: string): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const hosts = await readHosts(pid);
      return hosts.includes(name) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** The file belongs to the container: it may be anything, and is neither waited for nor followed elsewhere. */
async function readHosts(pid: string): Promise<string> {
  try {
    const file = await open(
      `/proc/${pid}/root/etc/hosts`,
      constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
    );
    try {
      const buffer = Buffer.alloc(MOST_HOSTS_BYTES);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return buffer.toString("latin1", 0, bytesRead);
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
