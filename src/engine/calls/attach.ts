import { EngineRequestError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { OutputChunk } from "../../core/ports/ContainerTypes";
import type { RunningProgram } from "../../core/ports/RunningProgram";
import { hijack } from "../hijack";
import { HijackedProgram } from "../stream/HijackedProgram";
import { readOutput } from "../stream/readOutput";
import { checkedContainer, containerPath } from "./containerPath";
import { DETACH_KEYS } from "./detachKeys";
import type { EngineClient } from "./EngineClient";
import { inspectContainer } from "./inspectContainer";
import { requireContainer } from "./requireContainer";
import { resizeTerminal } from "./resizeTerminal";
import { startFailure } from "./startFailure";
import { stillRuns } from "./stillRuns";
import { waitForExit } from "./waitForExit";

const DURING = "attaching to the container";

/**
 * POST /containers/{id}/attach, for ContainerEngine.attachContainer. The connection is let go of when the output is read or
 * left (`return`, also of one that was never begun), or the signal aborted.
 */
export async function attachContainer(
  client: EngineClient,
  id: string,
  { signal }: CallOptions,
): Promise<AsyncIterable<OutputChunk>> {
  const { tty } = await requireContainer(client, id, { signal });
  return orStartFailure(client, id, {
    signal,
    action: async () => {
      const chunks = await client.stream({
        method: "POST",
        path: containerPath(id, "attach"),
        query: { stream: "1", stdout: "1", stderr: "1" },
        during: DURING,
        answerWithinMs: await answerWithin(client, signal),
        signal,
      });
      return readOutput(chunks, tty);
    },
  });
}

/** The same with stdin, for ContainerEngine.attachTerminal. */
export async function attachTerminal(
  client: EngineClient,
  id: string,
  { signal }: CallOptions,
): Promise<RunningProgram> {
  const { tty } = await requireContainer(client, id, { signal });
  const query = new URLSearchParams({ stream: "1", stdin: "1", stdout: "1", stderr: "1", detachKeys: DETACH_KEYS });
  const socket = await orStartFailure(client, id, {
    signal,
    action: async () =>
      hijack({
        connection: client.connection,
        path: `${containerPath(id, "attach")}?${query.toString()}`,
        protocol: "tcp",
        headers: {},
        during: DURING,
        signal,
        answerWithinMs: await answerWithin(client, signal),
      }),
  });
  const container = client.docker.getContainer(checkedContainer(id));
  return new HijackedProgram({
    socket,
    tty,
    signal,
    container: id,
    engine: client.name,
    during: DURING,
    runs: async (call) => stillRuns(async () => (await inspectContainer(client, id, call))?.running === true, call),
    exitCode: async (call) => waitForExit(client, id, call),
    resize: async ({ columns, rows }, call) => {
      if (tty) {
        await resizeTerminal(client, {
          ...call,
          ask: async (abortSignal) =>
            container.resize({ h: rows, w: columns, abortSignal } as { h: number; w: number }) as Promise<unknown>,
        });
      }
    },
  });
}

/** Podman prepares the container here already, which can mean copying a whole file system. */
async function answerWithin(client: EngineClient, signal: AbortSignal | undefined): Promise<number> {
  const { kind } = await client.ready(signal);
  switch (kind) {
    case "docker":
      return client.deadlines.answerMs;
    case "podman":
      return client.deadlines.longMs;
  }
}

/** Podman prepares the container here already, and so finds here what Docker finds at the start. */
async function orStartFailure<T>(
  client: EngineClient,
  id: string,
  { action, signal }: CallOptions & { readonly action: () => Promise<T> },
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof EngineRequestError ? await startFailure(client, id, { refusal: error, signal }) : error;
  }
}
