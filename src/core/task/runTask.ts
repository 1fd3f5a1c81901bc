import { randomBytes } from "node:crypto";
import { messageOf } from "../errors/ExpectedError";
import { ContainerStartError, PortInUseError } from "../errors/containerErrors";
import type { RunConfiguration } from "../config/WorkspaceConfiguration";
import { taskLabels } from "../labels";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { ContainerSpec, OutputChunk } from "../ports/ContainerTypes";
import type { Workspace } from "../Workspace";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import { containerUser } from "./containerUser";
import { useContainer } from "./containersInUse";
import { networkVariables } from "./networkVariables";
import { decodeOutput } from "./decodeOutput";
import { findPortInUse } from "./findPortInUse";
import type { TaskEvent } from "./TaskEvent";

export interface RunTaskOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  /** Reference of the image, which must be there. */
  readonly image: string;
  readonly fingerprint: string | undefined;
  readonly run: RunConfiguration;
  /** Undefined runs the image's own command, in its own working folder. */
  readonly command: readonly string[] | undefined;
  /** Name of the task, for the label. */
  readonly task: string | undefined;
  readonly session: string;
  /** Leaves the container, stopped, when the command has ended: to look at its logs, or to start it again. */
  readonly keep: boolean;
  readonly network?: NetworkSettings | undefined;
  /** What SELinux is to do with the workspace's folder; undefined leaves its labels. */
  readonly relabel?: "shared" | "private" | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How long a cancelled task may take to end by itself before it is killed. */
const GRACE_SECONDS = 2;
/** How long the engine may take for that, beyond the grace. */
const CANCEL_DEADLINE_MS = 10_000;

/**
 * Runs a command in a new container with the workspace mounted. Yields what happens; the last event but warnings is
 * "exit". When the signal is aborted, or the loop over the events is left, the container is stopped and removed.
 */
export async function* runTask(options: RunTaskOptions): AsyncGenerator<TaskEvent> {
  const { engine, signal, network = NO_NETWORK_SETTINGS } = options;
  signal?.throwIfAborted();
  const spec = specOf(options, await networkVariables({ ...options, network }));
  const started = performance.now();
  let finished = false;
  const use = useContainer(spec.name);
  try {
    // Calls that change something are not aborted half-way: the engine might go on with them unseen.
    const id = await engine.createContainer(spec);
    signal?.throwIfAborted();
    const cancellation = stopWhenAborted(engine, id, signal);
    try {
      if (network.certificates !== undefined) {
        await engine.copyTo(id, "/", network.certificates.tar());
      }
      const output = await start(engine, id, spec, cancellation.signal);
      // A stop that came before the start has stopped nothing.
      signal?.throwIfAborted();
      const details = await engine.inspectContainer(id);
      const ports = details?.ports ?? [];
      yield { type: "container", id, name: spec.name, ports, durationMs: performance.now() - started };
      const runStarted = performance.now();
      yield* readOutput(output);
      const code = await engine.waitForExit(id, { signal: cancellation.signal });
      signal?.throwIfAborted();
      const durationMs = performance.now() - runStarted;
      const outOfMemory = (await engine.inspectContainer(id))?.outOfMemory ?? false;
      const problem = options.keep ? undefined : await remove(engine, spec.name);
      finished = true;
      if (problem !== undefined) {
        yield { type: "warning", message: problem };
      }
      yield { type: "exit", code, durationMs, outOfMemory };
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
      await remove(engine, spec.name);
    }
    use.release();
  }
}

function specOf(options: RunTaskOptions, variables: Readonly<Record<string, string>>): ContainerSpec {
  const { workspace, image, run, command, task, relabel } = options;
  const name = ["slipway", workspace.slug, ...slugOf(task), randomBytes(4).toString("hex")].join("-");
  return {
    image,
    name,
    command,
    workingDirectory: command === undefined ? undefined : run.workspaceFolder,
    env: { ...variables, ...run.env },
    labels: taskLabels({ ...options, name }),
    mounts: [
      {
        ...{ kind: "bind", source: workspace.folder, target: run.workspaceFolder },
        ...(relabel === undefined ? {} : { relabel }),
      },
    ],
    ports: run.ports,
    ...(run.user === undefined ? {} : { user: containerUser(run.user) }),
  };
}

function slugOf(task: string | undefined): readonly string[] {
  const slug = (task ?? "").replace(/[^A-Za-z0-9_.]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return slug === "" ? [] : [slug.slice(0, 30)];
}

/** Attaches first, so that nothing of the output is lost. */
async function start(
  engine: ContainerEngine,
  id: string,
  spec: ContainerSpec,
  signal: AbortSignal,
): Promise<AsyncIterable<OutputChunk>> {
  try {
    const output = await engine.attachContainer(id, { signal });
    await engine.startContainer(id);
    return output;
  } catch (error) {
    // Engines say this in words only, each in its own; whether the port is taken can be tried out.
    if (!(error instanceof ContainerStartError)) {
      throw error;
    }
    const taken = await findPortInUse(spec.ports);
    throw taken === undefined
      ? new ContainerStartError(spec.command, error.detail)
      : new PortInUseError(taken.hostIp, taken.hostPort, { cause: error });
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
