import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Debian keeps daemons in sbin, which an ordinary user's PATH leaves out. */
export const searchPath = [...(process.env.PATH ?? "").split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin"]
  .filter((folder, index, all) => folder !== "" && all.indexOf(folder) === index)
  .join(":");

/** The absolute path of a command, or undefined. */
export function findCommand(name) {
  for (const folder of searchPath.split(":")) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** The end of a text, for error messages: what went wrong is nearly always said last. */
export const lastLines = (text, count = 15) => text.trimEnd().split("\n").slice(-count).join("\n");

const running = new Set();

let isStopping = false;

/** Ends what runs now. Asked for when this process is told to stop; the waiting calls then reject. */
export function killRunning(signal = "SIGTERM") {
  isStopping = true;
  for (const child of running) child.kill(signal);
}

/** For what takes long or lasts: it is not begun any more in a process that was told to stop. */
export function throwIfStopping() {
  if (isStopping) throw new Error("interrupted");
}

/**
 * Runs a command to its end.
 * @param {string[]} argv
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, inherit?: boolean, timeout?: number }} [options]
 *   `env` is added to this process's; `inherit` shows the output as it comes instead of returning it.
 * @returns {Promise<{ code: number, output: string }>} a signal counts as code 128
 */
export function execute([command, ...args], { cwd, env, inherit = false, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: searchPath, ...env },
      stdio: inherit ? "inherit" : ["ignore", "pipe", "pipe"],
      timeout,
    });
    running.add(child);
    let output = "";
    const keep = (chunk) => (output = (output + chunk).slice(-1_000_000));
    child.stdout?.setEncoding("utf8").on("data", keep);
    child.stderr?.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => {
      running.delete(child);
      reject(error);
    });
    child.on("close", (code) => {
      running.delete(child);
      resolve({ code: code ?? 128, output });
    });
  });
}

/** Like `execute`, but a command that fails is an error with its last lines. Resolves to its output. */
export async function run(argv, options) {
  const { code, output } = await execute(argv, options);
  if (code === 0) return output;
  const shown = argv.join(" ");
  const name = shown.length > 160 ? `${shown.slice(0, 160)}…` : shown;
  throw new Error(`${name}: ended with code ${code}${output.trim() === "" ? "" : `\n${lastLines(output)}`}`);
}
