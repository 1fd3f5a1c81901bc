import { ContainerNotFoundError } from "../../core/errors/containerErrors";
import { EngineRequestError } from "../../core/errors/engineErrors";
import type { LogOptions } from "../../core/ports/ContainerEngine";
import type { OutputChunk } from "../../core/ports/ContainerTypes";
import { readOutput } from "../stream/readOutput";
import type { EngineClient } from "./EngineClient";
import { podmanLogs } from "./logs/podmanLogs";
import { requestLogs } from "./logs/requestLogs";
import { requireContainer } from "./requireContainer";

/** GET /containers/{id}/logs, for ContainerEngine.containerLogs. */
export async function* containerLogs(
  client: EngineClient,
  id: string,
  options: LogOptions,
): AsyncGenerator<OutputChunk> {
  const { signal } = options;
  const { tty, running } = await requireContainer(client, id, { signal });
  try {
    const { kind } = await client.ready(signal);
    switch (kind) {
      case "docker":
        yield* readOutput(await requestLogs({ client, id, ...options }), tty);
        return;
      case "podman":
        yield* podmanLogs({ client, id, tty, ...options, follow: options.follow && running });
    }
  } catch (error) {
    throw error instanceof EngineRequestError && error.status === 404 ? new ContainerNotFoundError(id) : error;
  }
}
