import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { engineVersion } from "./engineApi.mjs";
import { isRoot, runAsRoot } from "./rootAccess.mjs";
import { lastLines } from "./run.mjs";

/**
 * A daemon of ours: its socket says whose it is, on its command line too, and all it leaves is in `folder`.
 * @typedef {{ folder: string, runFolder: string, socket: string, pidFile: string, logFile: string }} Daemon
 */

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The daemon's pid while that process is still ours: a pid from an earlier boot may now be anything. */
export function daemonPid({ pidFile, socket }) {
  const pid = Number(readText(pidFile));
  return pid > 1 && readText(`/proc/${pid}/cmdline`).includes(socket) ? pid : undefined;
}

/** In the background, with its own session, and with its pid told; exec keeps the pid through setsid. */
const background = 'log=$1; shift; setsid "$@" >"$log" 2>&1 </dev/null & echo $!; sleep 0.2';

/**
 * Starts a daemon and waits until it answers on its socket.
 * @param {Daemon} daemon
 * @param {string[]} argv
 * @param {Record<string, string>} env
 */
export async function startDaemon(daemon, argv, env) {
  const { socket, pidFile, logFile } = daemon;
  mkdirSync(dirname(socket), { recursive: true });
  // The socket gives root to whoever can open it, so only its owner comes this far.
  chmodSync(dirname(socket), 0o700);
  if (existsSync(socket)) await runAsRoot(["rm", "-f", socket]);
  const pid = (await runAsRoot(["sh", "-c", background, "sh", logFile, ...argv], { env })).trim();
  writeFileSync(pidFile, pid);
  let owned = isRoot();
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) {
    if (daemonPid(daemon) === undefined) break;
    if (!existsSync(socket)) continue;
    if (!owned) await runAsRoot(["chown", String(process.getuid()), socket]);
    owned = true;
    if ((await engineVersion(`unix://${socket}`, 5000)) !== undefined) return;
  }
  const why = daemonPid(daemon) === undefined ? "ended at once" : "did not answer within 30 seconds";
  await stopDaemon(daemon);
  throw new Error(`${argv[0]} ${why}. The end of its log, ${logFile}:\n${lastLines(readText(logFile))}`);
}

/** What stays mounted below a folder, innermost first. */
const mountsBelow = (folder) =>
  readText("/proc/self/mounts")
    .split("\n")
    .map((line) => line.split(" ")[1]?.replaceAll("\\040", " ") ?? "")
    .filter((path) => path.startsWith(`${folder}/`))
    .reverse();

const helpers = /^(conmon|containerd|containerd-shim.*|docker-proxy)$/;

/** What the daemon started for its containers and left behind; all of it names the daemon's folder. */
const helperPids = ({ folder, runFolder }) =>
  readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const [program, ...args] = readText(`/proc/${pid}/cmdline`).split("\0");
    return (
      helpers.test(basename(program)) && args.some((arg) => arg.includes(`${folder}/`) || arg.includes(`${runFolder}/`))
    );
  });

async function endAll(find, stages) {
  for (const [signal, patience] of stages) {
    const pids = find();
    if (pids.length === 0) return;
    // The shell's own kill: the program is not on every machine. That one has just ended by itself is no mistake.
    await runAsRoot(["sh", "-c", 'for pid; do kill "-$0" "$pid" || :; done', signal, ...pids.map(String)]);
    for (const end = Date.now() + patience; find().length > 0 && Date.now() < end;) await sleep(50);
  }
}

/** Ends the daemon by its pid, patiently first, then what it left: helpers, mounts, its socket. */
export async function stopDaemon(daemon) {
  const own = () => [daemonPid(daemon)].filter((pid) => pid !== undefined);
  await endAll(own, [
    ["TERM", 20_000],
    ["KILL", 5000],
  ]);
  const [stubborn] = own();
  if (stubborn !== undefined) throw new Error(`process ${stubborn} (${daemon.socket}) does not end`);
  await endAll(
    () => helperPids(daemon),
    [
      ["TERM", 2000],
      ["KILL", 5000],
    ],
  );
  for (const folder of new Set([daemon.folder, daemon.runFolder])) {
    for (const path of mountsBelow(folder)) await runAsRoot(["umount", path]).catch(() => {});
  }
  if (existsSync(daemon.socket)) await runAsRoot(["rm", "-f", daemon.socket]);
  rmSync(daemon.pidFile, { force: true });
}
