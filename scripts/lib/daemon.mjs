import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { unmountBelow } from "./mounts.mjs";
import { isRoot, runAsRoot } from "./rootAccess.mjs";
import { lastLines, run } from "./run.mjs";

/**
 * A daemon of ours. A path of its own, `mark`, is on its command line and says whose it is; for one with a socket that
 * is the socket's path. All it leaves is in its folders or, where it has a user of its own, belongs to that user. It
 * runs as root (and may become another user), unless it is the caller's.
 * @typedef {{ folder: string, runFolder: string, mark: string, socket?: string, pidFile: string, logFile: string,
 *   isCallers?: boolean, isOwnUid?: (uid: number) => boolean }} Daemon
 */

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The daemon's pid while that process is still ours: a pid from an earlier boot may now be anything. */
export function daemonPid({ pidFile, mark }) {
  const pid = Number(readText(pidFile));
  return pid > 1 && readText(`/proc/${pid}/cmdline`).includes(mark) ? pid : undefined;
}

const runnerOf = ({ isCallers }) => (isCallers ? run : runAsRoot);

/** In the background, with its own session, and with its pid told; exec keeps the pid through setsid. */
const background = 'log=$1; shift; setsid "$@" >"$log" 2>&1 </dev/null & echo $!; sleep 0.2';

/** The socket gives the engine to whoever can open it, so only its owner comes as far as its folder. */
function closeFolder({ socket, isOwnUid }) {
  // A daemon with a user of its own has a folder of that user's, made for the purpose.
  if (isOwnUid) return;
  mkdirSync(dirname(socket), { recursive: true });
  chmodSync(dirname(socket), 0o700);
}

/** Lets this process's user in; the daemon's own user, if it has one, stays in by its group. */
const openSocket = ({ socket }) =>
  runAsRoot(["sh", "-c", 'chown "$1" "$2" && chmod 660 "$2"', "sh", String(process.getuid()), socket]);

/**
 * Starts a daemon and waits until it answers.
 * @param {Daemon} daemon
 * @param {{ argv: string[], env: Record<string, string> }} command
 * @param {() => Promise<boolean>} answers
 */
export async function startDaemon(daemon, { argv, env }, answers) {
  const { socket, pidFile, logFile } = daemon;
  if (socket) closeFolder(daemon);
  if (socket && existsSync(socket)) await runAsRoot(["rm", "-f", socket]);
  // In no folder of anybody's: it would hold that one fast, and a user of its own might not even be allowed there.
  const start = { env, cwd: "/" };
  const pid = (await runnerOf(daemon)(["sh", "-c", background, "sh", logFile, ...argv], start)).trim();
  writeFileSync(pidFile, pid);
  let owned = isRoot() || !socket;
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) {
    if (daemonPid(daemon) === undefined) break;
    if (socket && !existsSync(socket)) continue;
    if (!owned) await openSocket(daemon);
    owned = true;
    if (await answers()) return;
  }
  const why = daemonPid(daemon) === undefined ? "ended at once" : "did not answer within 30 seconds";
  await stopDaemon(daemon);
  throw new Error(`the daemon ${why}. The end of its log, ${logFile}:\n${lastLines(readText(logFile))}`);
}

const helpers = /^(conmon|containerd|containerd-shim.*|docker-proxy)$/;

/** Whether a process is a helper that names one of the folders, or has a container of theirs as its root. */
function isLeftOver(pid, folders) {
  const names = (text) => folders.some((folder) => text.includes(`${folder}/`));
  const [program, ...args] = readText(`/proc/${pid}/cmdline`).split("\0");
  if (helpers.test(basename(program)) && args.some(names)) return true;
  // The container's own mounts, in its namespace, say what its root is made of.
  const rootMount = readText(`/proc/${pid}/mountinfo`)
    .split("\n")
    .find((line) => line.split(" ")[4] === "/");
  return names(rootMount ?? "");
}

/** What the daemon started for its containers and left behind, the containers' own processes among it. */
function leftOverPids({ folder, runFolder, isOwnUid }) {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const uidOf = (pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? -1;
  return pids.filter((pid) => isOwnUid?.(uidOf(pid)) || isLeftOver(pid, [folder, runFolder]));
}

async function endAll(daemon, find, stages) {
  for (const [signal, patience] of stages) {
    const pids = find();
    if (pids.length === 0) return;
    // The shell's own kill: the program is not on every machine. That one has just ended by itself is no mistake.
    await runnerOf(daemon)(["sh", "-c", 'for pid; do kill "-$0" "$pid" || :; done', signal, ...pids.map(String)]);
    for (const end = Date.now() + patience; find().length > 0 && Date.now() < end;) await sleep(50);
  }
}

/** Ends the daemon by its pid, patiently first, then what it left: helpers, mounts, its socket. */
export async function stopDaemon(daemon) {
  const own = () => [daemonPid(daemon)].filter((pid) => pid !== undefined);
  await endAll(daemon, own, [
    ["TERM", 20_000],
    ["KILL", 5000],
  ]);
  const [stubborn] = own();
  if (stubborn !== undefined) throw new Error(`process ${stubborn} (${daemon.mark}) does not end`);
  await endAll(daemon, () => leftOverPids(daemon), [
    ["TERM", 2000],
    ["KILL", 5000],
  ]);
  for (const folder of new Set([daemon.folder, daemon.runFolder])) await unmountBelow(folder);
  if (daemon.socket && existsSync(daemon.socket)) await runAsRoot(["rm", "-f", daemon.socket]);
  rmSync(daemon.pidFile, { force: true });
}
