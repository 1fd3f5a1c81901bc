import { Worker } from "node:worker_threads";
import { messageOf } from "../../errors/ExpectedError";
import { BuildContextError, ContextChangedError } from "../../errors/imageErrors";
import type { ContextScanner, ContextSnapshot, ScanOptions } from "./ContextScanner";
import { decodeCounting, decodeSent } from "./decodeEntries";
import type { PackedTable } from "./packTable";
import type { ScanRequest } from "./ScanRequest";
import type { KeptSnapshot } from "./SnapshotKeeper";
import { workerProgram, type WorkerProgram } from "./workerProgram";
import { fromFailure, type WorkerAnswer, type WorkerRequest } from "./workerMessages";

/** A thread that has nothing to do and that no watch has its state in ends after this time. */
const IDLE_MS = 10 * 60_000;

interface Pending {
  readonly root: string;
  readonly resolve: (answer: WorkerAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread that lives, and what it is still to answer. */
interface Running {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  /** What it works on, whether somebody waits for it or not. */
  readonly busy: Set<number>;
}

/**
 * Scans in a worker thread: Node's synchronous file calls are several times as quick as its asynchronous ones on many
 * small files, and there they block nobody. The thread is started when it is first needed and keeps no process alive
 * that has nothing else to do. Should it end, whoever waits for it gets an error, and the next scan starts another one.
 */
export class WorkerScanner implements ContextScanner {
  #running: Running | undefined;
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;
  readonly #watches = new Set<string>();
  /** Tells the thread which snapshots nobody holds any more. */
  readonly #held = new FinalizationRegistry<{ readonly running: Running; readonly snapshot: number }>((held) => {
    this.#release(held.running, held.snapshot);
  });

  constructor(private readonly programOf: () => WorkerProgram = workerProgram) {}

  async scan(request: ScanRequest, { signal }: ScanOptions = {}): Promise<ContextSnapshot> {
    signal?.throwIfAborted();
    if (request.watch !== undefined) {
      this.#watches.add(request.watch.id);
    }
    const running = this.#start(request.root);
    const abort = new SharedArrayBuffer(4);
    const id = ++this.#lastId;
    const stop = (): void => {
      Atomics.store(new Int32Array(abort), 0, 1);
      running.pending.get(id)?.reject(signal?.reason);
      running.pending.delete(id);
    };
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const answer = await this.#ask(running, { kind: "scan", id, request, abort }, request.root);
      signal?.throwIfAborted();
      if (answer.kind !== "snapshot") {
        throw unexpected(answer);
      }
      return this.#snapshot(running, answer.snapshot, request.root);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  prepare(): void {
    try {
      this.#keepAlive(this.#start(""));
    } catch {
      // The scan says so, with the path of what it was about.
    }
  }

  unwatch(id: string): void {
    this.#watches.delete(id);
    if (this.#running !== undefined) {
      post(this.#running, { kind: "unwatch", watch: id });
    }
  }

  /** Ends the thread; whoever waits for it gets an error. A later scan starts another one. */
  async dispose(): Promise<void> {
    clearTimeout(this.#idle);
    const running = this.#running;
    this.#running = undefined;
    await running?.worker.terminate();
  }

  #snapshot(running: Running, { id, digest, count, bytes }: KeptSnapshot, root: string): ContextSnapshot {
    const table = async (): Promise<PackedTable> => {
      if (running !== this.#running) {
        // What was found went with the thread: whoever asks is to start over.
        throw new ContextChangedError(root);
      }
      const request = { kind: "table", id: ++this.#lastId, snapshot: id, root } as const;
      const answer = await this.#ask(running, request, root);
      if (answer.kind !== "table") {
        throw unexpected(answer);
      }
      return answer.table;
    };
    const snapshot: ContextSnapshot = {
      digest,
      count,
      bytes,
      // They refer to it, so that it is held as long as somebody may call one of them.
      entries: async () =>
        table()
          .then(decodeSent)
          .finally(() => snapshot),
      inputs: async () =>
        table()
          .then(decodeCounting)
          .finally(() => snapshot),
      release: () => {
        this.#release(running, id);
      },
    };
    this.#held.register(snapshot, { running, snapshot: id });
    return snapshot;
  }

  #release(running: Running, snapshot: number): void {
    if (running === this.#running) {
      post(running, { kind: "release", snapshot });
    }
  }

  async #ask(running: Running, request: WorkerRequest & { readonly id: number }, root: string): Promise<WorkerAnswer> {
    return new Promise((resolve, reject) => {
      running.pending.set(request.id, { root, resolve, reject });
      running.busy.add(request.id);
      this.#keepAlive(running);
      post(running, request);
    });
  }

  #start(root: string): Running {
    if (this.#running !== undefined) {
      return this.#running;
    }
    const { program, options } = this.programOf();
    let worker: Worker;
    try {
      worker = new Worker(program, { name: "slipway-context", ...options });
    } catch (error) {
      throw ended(root, messageOf(error), error);
    }
    const running: Running = { worker, pending: new Map(), busy: new Set() };
    let failure: unknown;
    worker.on("message", (answer: WorkerAnswer) => {
      this.#receive(running, answer);
    });
    worker.on("error", (error) => {
      failure = error;
    });
    worker.on("exit", (code) => {
      this.#running = this.#running === running ? undefined : this.#running;
      const detail = failure === undefined ? `exit code ${String(code)}` : messageOf(failure);
      running.pending.forEach(({ reject, root: asked }) => {
        reject(ended(asked, detail, failure));
      });
      running.pending.clear();
    });
    this.#running = running;
    return running;
  }

  #receive(running: Running, answer: WorkerAnswer): void {
    const pending = running.pending.get(answer.id);
    running.pending.delete(answer.id);
    if (answer.kind === "failure" && answer.failure.kind !== "aborted") {
      pending?.reject(fromFailure(answer.failure));
    } else if (answer.kind !== "settled") {
      pending?.resolve(answer);
    }
    if (answer.kind === "settled" || answer.kind === "table" || answer.kind === "failure") {
      running.busy.delete(answer.id);
      this.#keepAlive(running);
    }
  }

  /** The process must not end before what is asked for is answered and written down, and need not stay afterwards. */
  #keepAlive({ worker, busy }: Running): void {
    clearTimeout(this.#idle);
    if (busy.size > 0) {
      worker.ref();
      return;
    }
    worker.unref();
    if (this.#watches.size === 0) {
      this.#idle = setTimeout(() => void this.dispose(), IDLE_MS);
      this.#idle.unref();
    }
  }
}

function post({ worker }: Running, request: WorkerRequest): void {
  worker.postMessage(request);
}

function ended(root: string, detail: string, cause: unknown): BuildContextError {
  return new BuildContextError(root, `the thread that reads the build context has ended (${detail}). Try again.`, {
    cause,
  });
}

function unexpected({ kind }: WorkerAnswer): Error {
  return new Error(`The thread that reads build contexts answers with "${kind}".`);
}
