/**
 * VS Code's own server as a test host, for machines on which VS Code itself cannot be downloaded or has no display.
 *
 * The npm package code-server carries it, prepared here without code-server's own start script: only VS Code's server
 * takes the smoke-test driver, without which a built VS Code ignores the flags that load an extension from a folder.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cachePath, makeOnce } from "./cache.mjs";
import { ensurePackages } from "./packages.mjs";
import { run } from "./run.mjs";

const codeServerVersion = "4.139.1";
/** code-server 4.139 needs Node 24; the npm package brings the binary together with the headers that node-gyp needs. */
const nodeVersion = "24.21.0";
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
 * @typedef {{ readonly node: string, readonly serverMain: string }} Installation
 * @typedef {{ readonly url: string, readonly port: number, readonly pid: number, stop(): Promise<void> }} VscodeServer
 */

/**
 * Installs VS Code's server into the cache unless it is there.
 *
 * @param {{ readonly log?: Log }} [options]
 * @returns {Promise<Installation>}
 */
export async function ensureVscodeServer({ log = () => undefined } = {}) {
  if (process.platform === "win32") {
    throw new Error("VS Code's server as a test host needs Linux or macOS; on Windows test with a downloaded VS Code.");
  }
  const name = `vscode-server-${codeServerVersion}-${process.platform}-${process.arch}`;
  return toInstallation(await makeOnce(cachePath(name), (folder) => install(folder, log), { log }));
}

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

/**
 * Starts the server on 127.0.0.1. What it started ends with `stop()`, or with this process.
 *
 * @param {{ readonly installation: Installation, readonly extensionsDir: string, readonly serverDataDir: string,
 *   readonly smokeTestDriver?: boolean, readonly workspaceTrust?: boolean, readonly port?: number,
 *   readonly settings?: Readonly<Record<string, unknown>>,
 *   readonly env?: Readonly<Record<string, string | undefined>>, readonly args?: readonly string[],
 *   readonly log?: Log }} options smokeTestDriver: needed to run tests in the extension host, and keeps
 *   notifications from being shown (off by default). workspaceTrust: false treats every folder as trusted (true by default, as for
 *   users). port: a free one by default. connectionToken: what
 *   the address must carry as "tkn"; none by default, for tests. settings: the user's, where the data folder has none yet.
 * @returns {Promise<VscodeServer>}
 */
export async function startVscodeServer({
  installation,
  extensionsDir,
  serverDataDir,
  smokeTestDriver = false,
  workspaceTrust = true,
  port = 0,
  connectionToken,
  settings = {},
  env = {},
  args = [],
  log = () => undefined,
}) {
  const userSettings = path.join(serverDataDir, "data", "User", "settings.json");
  if (!existsSync(userSettings)) {
    await mkdir(path.dirname(userSettings), { recursive: true });
    await writeFile(userSettings, `${JSON.stringify(settings, undefined, 2)}\n`);
  }
  const child = spawn(
    installation.node,
    [
      installation.serverMain,
      ...["--host", "127.0.0.1", "--port", String(port)],
      ...(connectionToken === undefined ? ["--without-connection-token"] : ["--connection-token", connectionToken]),
      "--accept-server-license-terms",
      "--disable-telemetry",
      ...(smokeTestDriver ? ["--enable-smoke-test-driver"] : []),
      ...(workspaceTrust ? [] : ["--disable-workspace-trust"]),
      ...["--extensions-dir", extensionsDir, "--server-data-dir", serverDataDir],
      ...args,
    ],
    // A process group of its own, so that the extension hosts end with the server.
    { env: { ...process.env, ...serverEnvironment(env) }, stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
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

  try {
    const listening = await whenReady(child, ended, log);
    return { url: `http://127.0.0.1:${listening}/`, port: listening, pid: child.pid ?? 0, stop };
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

/** @returns {Installation} */
function toInstallation(folder) {
  return {
    node: path.join(folder, "node_modules", nodePackage(), "bin", "node"),
    serverMain: path.join(folder, "node_modules", "code-server", "lib", "vscode", "out", "server-main.js"),
  };
}

/** The npm package with the Node binary for this machine; the name on Apple's own processors is an exception. */
function nodePackage() {
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${process.platform}-${process.arch}`;
}

/**
 * What code-server's install script does, without what a test host never calls: of the native modules, those that come
 * prebuilt are taken as they are, and only two are compiled: the logger, which output channels are written through, and
 * the watchdog, which ends an extension host whose server was killed.
 */
async function install(folder, log) {
  await ensurePackages({
    commands: ["make", "g++", "python3"],
    packages: ["make", "g++", "python3"],
    log,
  });
  const started = Date.now();
  log("Installing VS Code's server (once, about a minute)");
  const vscode = path.join(folder, "node_modules", "code-server", "lib", "vscode");
  const node = path.join(folder, "node_modules", nodePackage());
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const npmInstall = (cwd, ...packages) =>
    run(["npm", "install", ...quiet, "--omit=dev", "--ignore-scripts", ...packages], { cwd, env: npmEnvironment() });

  await mkdir(folder);
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ name: "vscode-server", private: true }));
  await npmInstall(folder, "--save-exact", `code-server@${codeServerVersion}`, `${nodePackage()}@${nodeVersion}`);
  // Both folders come with a lock file, so what is installed is what code-server was released with.
  await npmInstall(vscode);
  await npmInstall(path.join(vscode, "extensions"));
  await run(["npm", "rebuild", ...quiet, "--ignore-scripts=false", "@vscode/spdlog", "@vscode/native-watchdog"], {
    cwd: vscode,
    env: {
      ...npmEnvironment(),
      PATH: [path.join(node, "bin"), process.env.PATH].join(path.delimiter),
      npm_config_nodedir: node,
    },
  });
  await symlink(
    process.platform === "darwin" ? "code-darwin.sh" : "code-linux.sh",
    path.join(vscode, "bin", "remote-cli", "code"),
  );
  log(`VS Code's server is installed (${Math.round((Date.now() - started) / 1000)} s)`);
}

/** Unsets what an npm script that this may be running in tells its children; the user's own settings stay. */
function npmEnvironment() {
  const ofScript =
    /^(npm_(package|lifecycle|command)|npm_config_(local_prefix|global_prefix|prefix|omit|include)|INIT_CWD)/;
  return unset(ofScript);
}

/** Unsets what a VS Code or its terminal around us tells its own children. */
function serverEnvironment(env = {}) {
  return { ...unset(/^(VSCODE_|ELECTRON_)/), ...env };
}

/** @returns {Record<string, undefined>} */
function unset(pattern) {
  return Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => pattern.test(name))
      .map((name) => [name, undefined]),
  );
}
