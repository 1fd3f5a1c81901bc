/**
 * VS Code's own server as a test host, for machines on which VS Code itself cannot be downloaded or has no display.
 *
 * The npm package code-server carries it, prepared here without code-server's own start script: only VS Code's server
 * takes the smoke-test driver, without which a built VS Code ignores the flags that load an extension from a folder.
 */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { cachePath, makeOnce } from "./cache.mjs";
import { unsetVariables } from "./environment.mjs";
import { ensurePackages } from "./packages.mjs";
import { run } from "./run.mjs";

const codeServerVersion = "4.139.1";
/** code-server 4.139 needs Node 24; the npm package brings the binary together with the headers that node-gyp needs. */
const nodeVersion = "24.21.0";

/** @typedef {{ readonly node: string, readonly serverMain: string }} Installation */

/**
 * Installs VS Code's server into the cache unless it is there.
 *
 * @param {{ readonly log?: (message: string) => void }} [options]
 * @returns {Promise<Installation>}
 */
export async function ensureVscodeServer({ log = () => undefined } = {}) {
  if (process.platform === "win32") {
    throw new Error("VS Code's server as a test host needs Linux or macOS; on Windows test with a downloaded VS Code.");
  }
  const name = `vscode-server-${codeServerVersion}-${process.platform}-${process.arch}`;
  return toInstallation(await makeOnce(cachePath(name), (folder) => install(folder, log), { log }));
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
  return unsetVariables(ofScript);
}
