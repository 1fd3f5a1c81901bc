import { ContainerNotFoundError } from "../../core/errors/containerErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { ContainerDetails } from "../../core/ports/ContainerTypes";
import type { EngineClient } from "./EngineClient";
import { inspectContainer } from "./inspectContainer";

/** What inspectContainer gives. Rejects with ContainerNotFoundError when there is none. */
export async function requireContainer(
  client: EngineClient,
  id: string,
  { signal }: CallOptions,
): Promise<ContainerDetails> {
  const details = await inspectContainer(client, id, { signal });
  if (details === undefined) {
    throw new ContainerNotFoundError(id);
  }
  return details;
}
