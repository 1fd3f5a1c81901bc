import { readdir, readFile } from "node:fs/promises";
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
      // A process that has ended, or that is not ours to look at.
      const hosts = await readFile(`/proc/${pid}/root/etc/hosts`, "utf8").catch(() => "");
      return hosts.includes(name) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

function killProcess(pid: number): boolean {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}
