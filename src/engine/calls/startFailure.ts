import { ContainerNotFoundError, ContainerStartError } from "../../core/errors/containerErrors";
import { type EngineRequestError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { EngineClient } from "./EngineClient";
import { inspectContainer } from "./inspectContainer";

/** Engines refuse to start with any status; 404 is also what some say of a program that is not in the image. */
export async function startFailure(
  client: EngineClient,
  id: string,
  { refusal, signal }: CallOptions & { readonly refusal: EngineRequestError },
): Promise<Error> {
  const details = await inspectContainer(client, id, { signal });
  return details === undefined ? new ContainerNotFoundError(id) : new ContainerStartError(undefined, refusal.detail);
}
