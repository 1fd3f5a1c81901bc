import { spawn } from "node:child_process";
import { join } from "node:path";

export interface CliRun {
  /** The exit code, or the signal that ended it. */
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  /** UTF-8 where absent. */
  readonly encoding?: "utf8" | "latin1";
  /** The program's file; the built CLI where absent. */
  readonly cli?: string;
  /** Called with everything written so far whenever there is more. */
  readonly onOutput?: (text: string, child: { readonly kill: (signal: NodeJS.Signals) => void }) => void;
}

export const BUILT_CLI = join(__dirname, "..", "..", "dist", "cli.js");

/** Runs the built CLI as a person would, in a process of its own. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { cwd, env, uid, cli = BUILT_CLI, encoding = "utf8", onOutput } = options;
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let stdout = "";
  let stderr = "";
  const sent = new Set<NodeJS.Signals>();
  const kill = (signal: NodeJS.Signals): void => {
    // Each once, however often what it waits for is seen.
    if (!sent.has(signal)) {
      sent.add(signal);
      child.kill(signal);
    }
  };
  const heard = (): void => {
    onOutput?.(stdout + stderr, { kill });
  };
  child.stdout.setEncoding(encoding).on("data", (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding(encoding).on("data", (text: string) => {
    stderr += text;
    heard();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code: code ?? signal, stdout, stderr });
    });
  });
}
