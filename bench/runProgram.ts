import { spawn } from "node:child_process";
import type { Sample } from "./BenchCase";
import { peakMemory } from "./memory";

export interface Program {
  readonly argv: readonly string[];
  /** Besides this process's own; undefined unsets. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Its stdout goes to nowhere, without this process reading it. */
  readonly discard?: boolean;
  /** Exit codes besides 0 that are no failure. */
  readonly alsoFine?: readonly number[];
}

const LOOK_EVERY_MS = 20;
const OUTPUT_CHARACTERS = 20_000;

/** Runs a program to its end, its output read and thrown away. Rejects with the output's end when it fails. */
export async function runProgram({ argv, env, cwd, discard, alsoFine = [] }: Program): Promise<Sample> {
  const [command = "", ...args] = argv;
  const started = performance.now();
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ["ignore", discard === true ? "ignore" : "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-OUTPUT_CHARACTERS);
    });
  }
  let memoryMb = 0;
  const look = setInterval(() => {
    memoryMb = Math.max(memoryMb, peakMemory(child.pid));
  }, LOOK_EVERY_MS);
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode, signal) => {
        resolve(exitCode ?? signal ?? "?");
      });
    });
    const ms = performance.now() - started;
    if (code !== 0 && !alsoFine.some((fine) => fine === code)) {
      throw new Error(`${argv.join(" ")} ended with ${String(code)}:\n${output}`);
    }
    return { ms, ...(memoryMb === 0 ? {} : { memoryMb }) };
  } finally {
    clearInterval(look);
  }
}
