import { existsSync } from "node:fs";
import { join } from "node:path";
import type { WorkerOptions } from "node:worker_threads";

/** What is run in a worker thread: a file, or a program's text where the options say "eval". */
export interface WorkerProgram {
  readonly program: string;
  readonly options: WorkerOptions;
}

/**
 * The worker's code: a bundle beside the one that this is part of. Run from source, it is the file beside this one, by
 * way of what makes this process understand TypeScript, too.
 */
export function workerProgram(folder: string = __dirname): WorkerProgram {
  const bundle = join(folder, "contextWorker.js");
  // What the process was started with (a debugger's port, a loader) is not for a thread.
  const options = { execArgv: [] };
  if (existsSync(bundle)) {
    return { program: bundle, options };
  }
  const source = JSON.stringify(join(folder, "contextWorker.ts"));
  const program = `const load = require("node:module").createRequire(${source}); load("tsx/cjs"); load(${source});`;
  return { program, options: { ...options, eval: true } };
}
