import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { workerProgram } from "../workerProgram";
import type { SharedJob } from "./sharedJobs";

/** What a thread of the scanner's program is told to be a helper by. */
export const HELPER = "slipway-context-helper";

/**
 * Another thread that helps with large scans. It is started when there is something for it; without it, or with one that
 * has ended, scans take longer, and that is all.
 */
export class SecondThread {
  #worker: Worker | "none" | undefined = availableParallelism() < 2 ? "none" : undefined;

  readonly prepare = (): void => {
    this.#worker ??= this.#start();
  };

  readonly share = (job: SharedJob): void => {
    this.prepare();
    if (this.#worker !== undefined && this.#worker !== "none") {
      this.#worker.postMessage(job);
    }
  };

  #start(): Worker | "none" {
    try {
      const { program, options } = workerProgram();
      const worker = new Worker(program, { name: HELPER, workerData: HELPER, ...options });
      worker.unref();
      const end = (): void => {
        this.#worker = "none";
      };
      return worker.on("error", end).on("exit", end);
    } catch {
      return "none";
    }
  }
}
