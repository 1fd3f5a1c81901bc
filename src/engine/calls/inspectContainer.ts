import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { ContainerDetails } from "../../core/ports/ContainerTypes";
import { parseContainerDetails } from "../shapes/containerDetails";
import { isEngineName } from "./containerPath";
import type { EngineClient } from "./EngineClient";
import { pause } from "./pause";

const ATTEMPTS = 5;
const PAUSE_MS = 20;

/** GET /containers/{id}/json. @returns undefined when there is none. */
export async function inspectContainer(
  client: EngineClient,
  id: string,
  { signal }: CallOptions,
): Promise<ContainerDetails | undefined> {
  signal?.throwIfAborted();
  if (!isEngineName(id)) {
    return undefined;
  }
  for (let attempt = 1; ; attempt++) {
    const result = await inspectOnce(client, id, { signal, isLast: attempt === ATTEMPTS });
    if (result !== "refused") {
      return result;
    }
    await pause(PAUSE_MS * attempt, signal);
  }
}

/** @returns "refused" where it is worth asking again: Podman says 500 while it removes a container, and then 404. */
async function inspectOnce(
  client: EngineClient,
  id: string,
  { signal, isLast }: CallOptions & { readonly isLast: boolean },
): Promise<ContainerDetails | undefined | "refused"> {
  return client.callOr(
    {
      during: "looking at the container",
      signal,
      action: async (abortSignal): Promise<ContainerDetails | undefined | "refused"> =>
        parseContainerDetails(await client.docker.getContainer(id).inspect({ abortSignal })),
    },
    (refusal) => {
      if (refusal.status === 404) {
        return undefined;
      }
      if (refusal.status >= 500 && !isLast) {
        return "refused";
      }
      throw refusal;
    },
  );
}
