import { access, constants } from "node:fs/promises";
import { ensurePackages } from "./packages.mjs";
import { findCommand } from "./run.mjs";

/** What a browser in a container without a network needs, and nothing that changes what VS Code looks like. */
export const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A Chromium to drive: `CHROMIUM_PATH`, else one of the PATH, else the system's package.
 *
 * @param {{ readonly log?: (message: string) => void }} [options]
 * @returns {Promise<{ readonly path: string } | { readonly reason: string }>}
 */
export async function ensureChromium({ log = () => undefined } = {}) {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    const executable = await access(chosen, constants.X_OK).then(
      () => true,
      () => false,
    );
    return executable ? { path: chosen } : { reason: `CHROMIUM_PATH is ${chosen}, which is not a program.` };
  }
  const found = findChromium();
  if (found !== undefined) return { path: found };
  try {
    await ensurePackages({ commands: ["chromium"], packages: ["chromium"], log });
  } catch (error) {
    return { reason: `There is no Chromium, and installing it failed: ${error.message}` };
  }
  const installed = findChromium();
  return installed === undefined
    ? { reason: "There is no Chromium, also after its package was installed: set CHROMIUM_PATH." }
    : { path: installed };
}

const findChromium = () =>
  ["chromium", "chromium-browser", "google-chrome"].map(findCommand).find((file) => file !== undefined);
