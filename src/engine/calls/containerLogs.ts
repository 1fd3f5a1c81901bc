import { ContainerNotFoundError } from "../../core/errors/containerErrors";
import { EngineRequestError } from "../../core/errors/engineErrors";
import type { LogOptions } from "../../core/ports/ContainerEngine";
import type { OutputChunk } from "../../core/ports/ContainerTypes";
import { readOutput } from "../stream/readOutput";
import { containerPath } from "./containerPath";
import type { EngineClient } from "./EngineClient";
import { requireContainer } from "./requireContainer";

/** GET /containers/{id}/logs, for ContainerEngine.containerLogs. */
export async function* containerLogs(
  client: EngineClient,
  id: string,
  { follow, tail, since, signal }: LogOptions,
): AsyncGenerator<OutputChunk> {
  const { tty } = await requireContainer(client, id, { signal });
  try {
    const chunks = await client.stream({
      method: "GET",
      path: containerPath(id, "logs"),
      query: {
        stdout: "1",
        stderr: "1",
        follow: follow ? "1" : "0",
        tail: tail === undefined ? undefined : String(tail),
        since: since === undefined ? undefined : (since / 1000).toFixed(3),
      },
      during: "reading the container's logs",
      // The answer to a request that follows begins with the first line.
      answerWithinMs: follow ? undefined : client.deadlines.answerMs,
      signal,
    });
    yield* readOutput(chunks, tty);
  } catch (error) {
    throw error instanceof EngineRequestError && error.status === 404 ? new ContainerNotFoundError(id) : error;
  }
}
