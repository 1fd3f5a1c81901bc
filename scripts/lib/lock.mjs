import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** When the process started, in clock ticks since boot: a pid that was given out again is not the same process. */
function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in brackets, which may itself hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Names a process so that a later look can tell whether it still runs. */
export const processId = (pid = process.pid) => `${pid} ${startTime(pid) ?? "-"}`;

/** Whether the process that wrote this id still runs. Where there is no /proc, the pid alone has to do. */
export function isAlive(id) {
  const [pid, started] = id.trim().split(" ");
  if (!/^[1-9]\d*$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  return started === "-" || started === startTime(pid);
}

function readOwner(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Creates `path` as a link to a file that is already whole, so nobody ever reads a lock without an owner. */
function tryCreate(own, path) {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Removes a lock whose owner is dead. Guarded, or two finders could remove each other's new lock. */
function removeDead(own, path, deadOwner) {
  const guard = `${path}.steal`;
  if (!tryCreate(own, guard)) {
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 10_000) rmSync(guard, { force: true });
    return;
  }
  try {
    if (readOwner(path) !== deadOwner) return;
    const itsOwn = `${basename(path)}.${deadOwner.split(" ")[0]}.`;
    const litter = readdirSync(dirname(path)).filter((name) => name.startsWith(itsOwn));
    for (const name of [basename(path), ...litter]) rmSync(join(dirname(path), name), { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

let sequence = 0;

/**
 * Runs `work` while holding a lock file that names its owner. A lock whose owner is dead is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} [log] is told when there is a wait.
 * @returns {Promise<T>}
 */
export async function withLock(path, work, log = console.log) {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${process.pid}.${++sequence}`;
  writeFileSync(own, processId());
  try {
    for (let attempt = 0; !tryCreate(own, path); attempt++) {
      const owner = readOwner(path);
      if (owner !== undefined && !isAlive(owner)) removeDead(own, path, owner);
      else await sleep(100);
      if (attempt === 20 && owner) log(`Waiting for process ${owner.split(" ")[0]}, which holds ${path}`);
    }
    try {
      return await work();
    } finally {
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}
