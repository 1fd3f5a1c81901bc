import { ContainerNotFoundError } from "../../core/errors/containerErrors";
import { EngineLostError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import { parseExecDetails, type ExecDetails } from "../shapes/execDetails";
import type { EngineClient } from "./EngineClient";
import { inspectContainer } from "./inspectContainer";
import { pause } from "./pause";

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 1_000;
/** Of a process that was killed, which is what becomes of all when a container's first one ends. */
const KILLED = 137;

/** What a shell says of a program that is there and cannot be run. */
const CANNOT_RUN = 126;

export interface ExecExitOptions extends CallOptions {
  readonly execId: string;
  readonly containerId: string;
  /** Aborted once no more output comes, which is when an answer can be expected soon. */
  readonly ended: AbortSignal;
}

/**
 * How a program that was started with exec has ended. There is nothing to wait on, so the engine is asked again and again.
 * Rejects with ContainerNotFoundError when the container is gone, with EngineLostError when it cannot be known.
 */
export async function execExitCode(client: EngineClient, options: ExecExitOptions): Promise<number> {
  const { execId, containerId, ended, signal } = options;
  const lost = (): EngineLostError => new EngineLostError(client.name, "waiting for the program to end");
  let unknownSince: number | undefined;
  let ms = FIRST_PAUSE_MS;
  let endWasSeen = false;
  for (;;) {
    const details = await inspectExec(client, execId, signal);
    if (details?.state === "ended") {
      return details.exitCode === CANNOT_RUN ? await notKilled(client, options) : details.exitCode;
    }
    unknownSince = details?.state === "running" ? undefined : (unknownSince ?? performance.now());
    if (details?.state !== "running" || (ended.aborted && ms === LONGEST_PAUSE_MS)) {
      const container = await inspectContainer(client, containerId, { signal });
      if (container === undefined) {
        throw new ContainerNotFoundError(containerId);
      }
      // Podman forgets such a program some minutes after its end, Docker when its container is started again.
      if (details === undefined) {
        throw lost();
      }
      if (details.state === "running" && !container.running) {
        return KILLED;
      }
    }
    if (unknownSince !== undefined && performance.now() - unknownSince > client.deadlines.unsureMs) {
      throw lost();
    }
    ms = ended.aborted && !endWasSeen ? FIRST_PAUSE_MS : Math.min(ms * 2, LONGEST_PAUSE_MS);
    endWasSeen = ended.aborted;
    await pauseUntil(ms, endWasSeen ? undefined : ended, signal);
  }
}

/** Docker 20.10 says that it could not run a program that was killed, with its container, just after it began. */
async function notKilled(client: EngineClient, { containerId, signal }: ExecExitOptions): Promise<number> {
  const container = await inspectContainer(client, containerId, { signal });
  return container?.running === false ? KILLED : CANNOT_RUN;
}

/** @returns undefined when there is no such program any more. */
export async function inspectExec(
  client: EngineClient,
  execId: string,
  signal: AbortSignal | undefined,
): Promise<ExecDetails | undefined> {
  const { kind } = await client.ready(signal);
  return client.callOr(
    {
      during: "waiting for the program to end",
      signal,
      action: async (abortSignal): Promise<ExecDetails | undefined> =>
        parseExecDetails(await client.docker.getExec(execId).inspect({ abortSignal } as object), kind),
    },
    (refusal) => {
      // Podman refuses in other ways, too, while the container is being removed.
      return refusal.status === 404 ? undefined : { state: "unknown" };
    },
  );
}

/** Waits no longer than until `early` is aborted. */
async function pauseUntil(ms: number, early: AbortSignal | undefined, signal: AbortSignal | undefined): Promise<void> {
  const either = [early, signal].filter((one) => one !== undefined);
  try {
    await pause(ms, AbortSignal.any(either));
  } catch (error) {
    signal?.throwIfAborted();
    if (early?.aborted !== true) {
      throw error;
    }
  }
}
