import { GpuUnavailableError } from "../../errors/containerErrors";
import { isAbortError } from "../../errors/ExpectedError";
import type { ContainerEngine } from "../../ports/ContainerEngine";
import type { ContainerSpec, Labels } from "../../ports/ContainerTypes";
import type { PreparedSpec } from "./containerSpec";
import { toStartError } from "./toStartError";

export interface MakeContainerOptions {
  readonly engine: ContainerEngine;
  readonly prepared: PreparedSpec;
  readonly name: string;
  /** Undefined is the image's own, with run.entrypoint before it. */
  readonly command: readonly string[] | undefined;
  /** Slipway's; they come before the user's. */
  readonly labels: Labels;
  /** For the shell or program that is process 1. */
  readonly stdin?: boolean | undefined;
  readonly tty?: boolean | undefined;
  /** Whether it is started, too; else it stays as it was made. */
  readonly start: boolean;
  /** Heeded before each call; the calls are done to their end, so that nothing is made unseen. */
  readonly signal?: AbortSignal | undefined;
}

export interface MadeContainer {
  readonly id: string;
  /** For people. */
  readonly warnings: readonly string[];
}

/**
 * Makes a container with the files that belong in it, without GPUs where those are optional and the engine has none.
 * Rejects as ContainerEngine.createContainer and startContainer do, with PortInUseError and with GpuUnavailableError;
 * nothing of it is left then.
 */
export async function makeContainer(options: MakeContainerOptions): Promise<MadeContainer> {
  const { prepared, start } = options;
  if (!prepared.gpusOptional) {
    return { id: await make(options, specOf(options)), warnings: [] };
  }
  try {
    if (!start) {
      await tryGpus(options);
    }
    return { id: await make(options, specOf(options)), warnings: [] };
  } catch (error) {
    if (!(error instanceof GpuUnavailableError)) {
      throw error;
    }
    const id = await make(options, { ...specOf(options), gpus: false });
    return { id, warnings: [`The container has no GPU: ${error.detail.trim()}`] };
  }
}

async function make(options: MakeContainerOptions, spec: ContainerSpec): Promise<string> {
  const { engine, prepared, start, signal } = options;
  signal?.throwIfAborted();
  const id = await engine.createContainer(spec);
  let finished = false;
  try {
    signal?.throwIfAborted();
    if (prepared.files !== undefined) {
      await engine.copyTo(id, "/", prepared.files());
      signal?.throwIfAborted();
    }
    if (start) {
      await engine.startContainer(id);
    }
    finished = true;
    return id;
  } catch (error) {
    throw isAbortError(error) ? error : await toStartError(error, spec);
  } finally {
    if (!finished) {
      // The failure that led here is the one to tell; what stays is found by its labels.
      await engine.removeContainer(id).catch(() => undefined);
    }
  }
}

/**
 * Engines see at the start only whether there are GPUs, before they look for the program. This one is in no image, so
 * that nothing runs.
 */
async function tryGpus(options: MakeContainerOptions): Promise<void> {
  const { engine, prepared, labels, signal } = options;
  const name = `${options.name}-gpus`;
  const { image } = prepared.spec;
  signal?.throwIfAborted();
  const spec: ContainerSpec = {
    ...{ image, name, command: ["/slipway/no-program"], workingDirectory: undefined, env: {}, mounts: [], ports: [] },
    labels: Object.fromEntries(
      Object.entries(labels).map(([label, value]) => [label, value === options.name ? name : value]),
    ),
    gpus: true,
  };
  const id = await engine.createContainer(spec);
  try {
    await engine.startContainer(id);
  } catch (error) {
    const failure = await toStartError(error, spec);
    if (failure instanceof GpuUnavailableError) {
      throw failure;
    }
  } finally {
    await engine.removeContainer(id);
  }
}

function specOf(options: MakeContainerOptions): ContainerSpec {
  const { prepared, name, command, labels, stdin, tty } = options;
  return {
    ...prepared.spec,
    ...{ name, command },
    // What has no command of its own runs in the folder that the image says, too.
    ...(command === undefined ? { workingDirectory: undefined, entrypoint: prepared.entrypoint } : {}),
    labels: { ...prepared.spec.labels, ...labels },
    ...(stdin === undefined ? {} : { stdin }),
    ...(tty === undefined ? {} : { tty }),
  };
}
