import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cachePath, root, shortHash } from "./cache.mjs";
import { engineVariables } from "./engineChoice.mjs";
import { findCommand, run } from "./run.mjs";
import { packageExtension } from "./setUp.mjs";

/** The desktop VS Code, with the extension straight from this tree. */
async function openDesktop(folder, env, log) {
  log("Opening VS Code");
  await run(["code", `--extensionDevelopmentPath=${root}`, folder], { env });
}

/** VS Code in the browser, with the packaged extension installed as a user would have it. Lasts until Ctrl-C. */
async function openInBrowser(folder, env, log) {
  const { ensureVscodeServer } = await import("./vscodeInstallation.mjs");
  const { installExtension, quietSettings, startVscodeServer } = await import("./vscodeServer.mjs");
  const vsix = await packageExtension(log);
  const installation = await ensureVscodeServer({ log });
  // Of this clone's own: two clones may run two versions of the extension.
  const data = cachePath("vscode", shortHash(root), "data");
  const places = { serverDataDir: data, extensionsDir: join(data, "../extensions") };
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  await installExtension({ installation, vsix, ...places });
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  // Other users of this machine can reach the port, too; only who has the token gets in.
  const connectionToken = randomBytes(16).toString("hex");
  // The sample is this repository's own, and whoever runs this has already run the repository's scripts.
  const server = await startVscodeServer({
    installation,
    ...places,
    connectionToken,
    settings: quietSettings,
    workspaceTrust: false,
    env,
  });
  const address = new URL(server.url);
  address.searchParams.set("tkn", connectionToken);
  address.searchParams.set("folder", folder);
  log(`\nVS Code with Slipway is at  ${address}\nF1, then "Slipway: Build & Run in Container". Ctrl-C here ends it.`);
  openBrowser(String(address));
  await stopped;
  log("\nStopping VS Code");
  await server.stop();
}

/** Shows the address where there is a desktop to show it on; elsewhere the printed one has to do. */
function openBrowser(address) {
  if (!(process.env.DISPLAY || process.env.WAYLAND_DISPLAY) || !findCommand("xdg-open")) return;
  spawn("xdg-open", [address], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}

/**
 * Opens a folder in VS Code with the extension, using the given engine.
 * @param {string} folder
 * @param {string} choice the engine, as Slipway is to be told of it
 * @param {(line: string) => void} log
 * @returns {Promise<{ lasted: boolean }>} lasted: it was served from here, until Ctrl-C
 */
export async function openVscode(folder, choice, log) {
  const env = engineVariables(choice);
  const isDesktop = Boolean(findCommand("code"));
  await (isDesktop ? openDesktop : openInBrowser)(folder, env, log);
  return { lasted: !isDesktop };
}
