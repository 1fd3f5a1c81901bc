import { parentPort, workerData } from "node:worker_threads";
import { FILE_CALLS } from "./FileCalls";
import { packTable, transferOf } from "./packTable";
import { HELPER, SecondThread } from "./shared/SecondThread";
import { JobHelper, type SharedJob } from "./shared/sharedJobs";
import { SnapshotKeeper } from "./SnapshotKeeper";
import { toFailure, type WorkerAnswer, type WorkerRequest } from "./workerMessages";

/** What a scan that is to end throws here; the other side knows the reason. */
class Aborted extends Error {}

/** The worker thread's side of WorkerScanner: does one request after the other. */
class ContextWorker {
  readonly #keeper = new SnapshotKeeper();
  readonly #second = new SecondThread();

  constructor(private readonly answer: (answer: WorkerAnswer, transfer?: readonly ArrayBuffer[]) => void) {}

  handle(request: WorkerRequest): void {
    switch (request.kind) {
      case "scan":
        this.#scan(request);
        return;
      case "table":
        this.#try(request.id, () => {
          const table = packTable(this.#keeper.table(request.snapshot, request.root));
          this.answer({ kind: "table", id: request.id, table }, transferOf(table));
        });
        return;
      case "release":
        this.#keeper.release(request.snapshot);
        return;
      case "unwatch":
        this.#keeper.unwatch(request.watch);
    }
  }

  #scan({ id, request, abort }: WorkerRequest & { readonly kind: "scan" }): void {
    const flag = new Int32Array(abort);
    const checkpoint = (): void => {
      if (flag[0] !== 0) {
        throw new Aborted();
      }
    };
    this.#try(id, () => {
      const { snapshot, save } = this.#keeper.scan(request, {
        calls: FILE_CALLS,
        checkpoint,
        share: this.#second.share,
        prepare: this.#second.prepare,
      });
      this.answer({ kind: "snapshot", id, snapshot });
      save();
    });
    this.answer({ kind: "settled", id });
  }

  #try(id: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.answer({ kind: "failure", id, failure: error instanceof Aborted ? { kind: "aborted" } : toFailure(error) });
    }
  }
}

const port = parentPort;
if (port !== null && workerData === HELPER) {
  const helper = new JobHelper(FILE_CALLS);
  port.on("message", (job: SharedJob) => {
    helper.help(job);
  });
} else if (port !== null) {
  const worker = new ContextWorker((answer, transfer = []) => {
    port.postMessage(answer, transfer);
  });
  port.on("message", (request: WorkerRequest) => {
    worker.handle(request);
  });
}
