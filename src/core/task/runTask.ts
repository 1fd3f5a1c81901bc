import { randomBytes } from "node:crypto";
import type { PreparedSpec } from "../container/spec/containerSpec";
import { makeContainer } from "../container/spec/makeContainer";
import { toStartError } from "../container/spec/toStartError";
import { messageOf } from "../errors/ExpectedError";
import { taskLabels } from "../labels";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { OutputChunk } from "../ports/ContainerTypes";
import type { Workspace } from "../Workspace";
import { useContainer } from "./containersInUse";
import { decodeOutput } from "./decodeOutput";
import type { TaskEvent } from "./TaskEvent";

export interface RunTaskOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly prepared: PreparedSpec;
  readonly fingerprint: string | undefined;
  /** Undefined runs the image's own command, in its own working folder. */
  readonly command: readonly string[] | undefined;
  /** Name of the task, for the label. */
  readonly task: string | undefined;
  readonly session: string;
  /** Leaves the container, stopped, when the command has ended: to look at its logs, or to start it again. */
  readonly keep: boolean;
  /** Puts files into the container before it is started. */
  readonly fill?: ((containerId: string) => AsyncIterable<TaskEvent>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How long a cancelled task may take to end by itself before it is killed. */
const GRACE_SECONDS = 2;
/** How long the engine may take for that, beyond the grace. */
const CANCEL_DEADLINE_MS = 10_000;

/**
 * Runs a command in a new container, as its first process. Yields what happens; the last event but warnings is "exit".
 * When the signal is aborted, or the loop over the events is left, the container is stopped and removed.
 */
export async function* runTask(options: RunTaskOptions): AsyncGenerator<TaskEvent> {
  const { engine, workspace, prepared, command, task, fill, signal } = options;
  signal?.throwIfAborted();
  const name = ["slipway", workspace.slug, ...slugOf(task), randomBytes(4).toString("hex")].join("-");
  const started = performance.now();
  let finished = false;
  const use = useContainer(name);
  try {
    const labels = taskLabels({ ...options, name });
    const { id, warnings } = await makeContainer({ engine, prepared, name, command, labels, start: false, signal });
    signal?.throwIfAborted();
    for (const message of warnings) {
      yield { type: "warning", message };
    }
    const cancellation = stopWhenAborted(engine, id, signal);
    try {
      if (fill !== undefined) {
        yield* fill(id);
      }
      const output = await start(options, id, cancellation.signal);
      // A stop that came before the start has stopped nothing.
      signal?.throwIfAborted();
      const details = await engine.inspectContainer(id);
      const ports = details?.ports ?? [];
      const durationMs = performance.now() - started;
      yield { type: "container", id, name, ports, reused: false, durationMs };
      const runStarted = performance.now();
      yield* readOutput(output);
      const code = await engine.waitForExit(id, { signal: cancellation.signal });
      signal?.throwIfAborted();
      const runMs = performance.now() - runStarted;
      const outOfMemory = (await engine.inspectContainer(id))?.outOfMemory ?? false;
      const problem = options.keep ? undefined : await remove(engine, name);
      finished = true;
      if (problem !== undefined) {
        yield { type: "warning", message: problem };
      }
      yield { type: "exit", code, durationMs: runMs, outOfMemory };
    } catch (error) {
      // What cancelling ends in, such as a broken stream, is cancellation and no error of its own.
      signal?.throwIfAborted();
      throw error;
    } finally {
      await cancellation.settled();
    }
  } finally {
    if (!finished) {
      // A failure of this must not hide the one that led here; what stays is removed at the next run.
      await remove(engine, name);
    }
    use.release();
  }
}

function slugOf(task: string | undefined): readonly string[] {
  const slug = (task ?? "").replace(/[^A-Za-z0-9_.]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return slug === "" ? [] : [slug.slice(0, 30)];
}

/** Attaches first, so that nothing of the output is lost. */
async function start(
  { engine, prepared, command }: RunTaskOptions,
  id: string,
  signal: AbortSignal,
): Promise<AsyncIterable<OutputChunk>> {
  try {
    const output = await engine.attachContainer(id, { signal });
    await engine.startContainer(id);
    return output;
  } catch (error) {
    throw await toStartError(error, { ...prepared.spec, command });
  }
}

async function* readOutput(output: AsyncIterable<OutputChunk>): AsyncGenerator<TaskEvent> {
  for await (const piece of decodeOutput(output)) {
    yield { type: "output", ...piece };
  }
}

interface Cancellation {
  /** Aborted when stopping has not ended the container in time. */
  readonly signal: AbortSignal;
  /** Resolved when no stop is under way any more. What is still attached is let go. */
  settled(): Promise<void>;
}

function stopWhenAborted(engine: ContainerEngine, id: string, signal: AbortSignal | undefined): Cancellation {
  const giveUp = new AbortController();
  let stopping: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    timer = setTimeout(
      () => {
        giveUp.abort(signal?.reason);
      },
      GRACE_SECONDS * 1000 + CANCEL_DEADLINE_MS,
    );
    stopping = engine.stopContainer(id, { graceSeconds: GRACE_SECONDS }).catch(() => {
      // It is removed by force afterwards in any case.
      giveUp.abort(signal?.reason);
    });
  };
  signal?.addEventListener("abort", stop, { once: true });
  return {
    signal: giveUp.signal,
    async settled() {
      signal?.removeEventListener("abort", stop);
      await stopping;
      clearTimeout(timer);
      giveUp.abort();
    },
  };
}

/** @returns what to tell when it could not be removed. */
async function remove(engine: ContainerEngine, name: string): Promise<string | undefined> {
  try {
    await engine.removeContainer(name);
    return undefined;
  } catch (error) {
    return `The container ${name} could not be removed (${messageOf(error)}). Remove it in the Slipway view, or with "slipway rm ${name}".`;
  }
}
