import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { unsetVariables } from "./environment.mjs";
import { run } from "./run.mjs";

/** User settings of a window that shows the folder and what the extension does, and offers nothing else. */
export const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "extensions.autoCheckUpdates": false,
  "telemetry.telemetryLevel": "off",
  "git.openRepositoryInParentFolders": "never",
};
const startDeadline = 60_000;
const stopDeadline = 5_000;

/**
 * @typedef {(message: string) => void} Log
 * @typedef {import("./vscodeInstallation.mjs").Installation} Installation
 * @typedef {{ readonly url: string, readonly port: number, readonly pid: number, stop(): Promise<void> }} VscodeServer
 */

/**
 * Installs a packaged extension as a user would, into a server that does not run yet.
 *
 * @param {{ readonly installation: Installation, readonly vsix: string, readonly extensionsDir: string,
 *   readonly serverDataDir: string }} options
 */
export async function installExtension({ installation, vsix, extensionsDir, serverDataDir }) {
  if (!existsSync(vsix)) throw new Error(`There is no ${vsix}: run "npm run package" first.`);
  await run(
    [
      installation.node,
      installation.serverMain,
      "--accept-server-license-terms",
      "--disable-telemetry",
      ...["--extensions-dir", extensionsDir, "--server-data-dir", serverDataDir],
      ...["--install-extension", path.resolve(vsix), "--force"],
    ],
    { env: serverEnvironment() },
  );
}

/** The user's settings, where the data folder has none yet. */
async function ensureSettings(serverDataDir, settings) {
  const file = path.join(serverDataDir, "data", "User", "settings.json");
  if (existsSync(file)) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(settings, undefined, 2)}\n`);
}

const serverArguments = ({ port = 0, connectionToken, smokeTestDriver, workspaceTrust = true, ...more }) => [
  ...["--host", "127.0.0.1", "--port", String(port)],
  ...(connectionToken === undefined ? ["--without-connection-token"] : ["--connection-token", connectionToken]),
  "--accept-server-license-terms",
  "--disable-telemetry",
  ...(smokeTestDriver ? ["--enable-smoke-test-driver"] : []),
  ...(workspaceTrust ? [] : ["--disable-workspace-trust"]),
  ...["--extensions-dir", more.extensionsDir, "--server-data-dir", more.serverDataDir],
  ...(more.args ?? []),
];

/**
 * Ends the child, which leads a process group, together with this process or when it is stopped.
 * @returns {{ ended: Promise<Error>, stop: () => Promise<void> }} ended: resolves with how
 */
function supervise(child) {
  const ended = new Promise((resolve) => {
    child.once("error", resolve);
    child.once("exit", (code, signal) => resolve(new Error(`it ended with ${code ?? signal}`)));
  });
  const kill = (/** @type {NodeJS.Signals} */ signal) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  const killAtExit = () => kill("SIGKILL");
  process.once("exit", killAtExit);
  const stop = async () => {
    kill("SIGTERM");
    await Promise.race([ended, sleep(stopDeadline, undefined, { ref: false })]);
    // What outlived the server, or the server itself where it did not obey.
    kill("SIGKILL");
    await ended;
    process.removeListener("exit", killAtExit);
  };
  return { ended, stop };
}

/**
 * Starts the server on 127.0.0.1. What it started ends with `stop()`, or with this process.
 *
 * @param {{ readonly installation: Installation, readonly extensionsDir: string, readonly serverDataDir: string,
 *   readonly smokeTestDriver?: boolean, readonly workspaceTrust?: boolean, readonly port?: number,
 *   readonly connectionToken?: string, readonly settings?: Readonly<Record<string, unknown>>,
 *   readonly env?: Readonly<Record<string, string | undefined>>, readonly args?: readonly string[],
 *   readonly log?: Log }} options smokeTestDriver: needed to run tests in the extension host, and keeps notifications
 *   from being shown (off by default). workspaceTrust: false treats every folder as trusted (true by default, as for
 *   users). port: a free one by default. connectionToken: what the address must carry as "tkn"; none by default, for
 *   tests. settings: the user's, where the data folder has none yet.
 * @returns {Promise<VscodeServer>}
 */
export async function startVscodeServer(options) {
  const { installation, serverDataDir, settings = {}, env = {}, log = () => undefined } = options;
  await ensureSettings(serverDataDir, settings);
  // A process group of its own, so that the extension hosts end with the server.
  const child = spawn(installation.node, [installation.serverMain, ...serverArguments(options)], {
    env: { ...process.env, ...serverEnvironment(env) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { ended, stop } = supervise(child);
  try {
    const port = await whenReady(child, ended, log);
    return { url: `http://127.0.0.1:${port}/`, port, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves with the port once the server says that the extension host can be started. */
async function whenReady(child, ended, log) {
  let seen = "";
  const ready = new Promise((resolve) => {
    const onData = (chunk) => {
      const text = chunk.toString();
      for (const line of text.split("\n")) if (line.trim() !== "") log(line.trimEnd());
      seen = (seen + text).slice(-16_384);
      const port = /Extension host agent listening on (\d+)/.exec(seen);
      if (port !== null && seen.includes("Extension host agent started")) resolve(Number(port[1]));
    };
    child.stdout.on("data", onData);
    child.stderr.on("data", onData);
  });
  const failure = ended.then((reason) => {
    throw new Error(`VS Code's server did not start: ${reason.message}.\n${seen.trim().slice(-2000)}`);
  });
  const deadline = new AbortController();
  const late = sleep(startDeadline, undefined, { signal: deadline.signal }).then(() => {
    throw new Error(`VS Code's server was not ready within ${startDeadline / 1000} s.\n${seen.trim().slice(-2000)}`);
  });
  // The server ends later in any case, and by then nobody may listen any more.
  failure.catch(() => undefined);
  late.catch(() => undefined);
  try {
    return await Promise.race([ready, failure, late]);
  } finally {
    deadline.abort();
  }
}

/** Unsets what a VS Code or its terminal around us tells its own children. */
function serverEnvironment(env = {}) {
  return { ...unsetVariables(/^(VSCODE_|ELECTRON_)/), ...env };
}
