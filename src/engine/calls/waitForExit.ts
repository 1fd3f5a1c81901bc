import { ContainerNotFoundError } from "../../core/errors/containerErrors";
import { EngineRequestError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import { containerPath } from "./containerPath";
import type { EngineClient } from "./EngineClient";
import { inspectContainer } from "./inspectContainer";
import { pause } from "./pause";
import { requireContainer } from "./requireContainer";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/**
 * POST /containers/{id}/wait, and what inspect says after it. The answer to the former is not relied on: Podman gives -1
 * or 0 in some cases, Docker the code of a run that was followed by another one (a restart), and an engine that is shut
 * down ends it as if it were complete. What inspect says of a container that does not run is right on all of them.
 */
export async function waitForExit(client: EngineClient, id: string, { signal }: CallOptions): Promise<number> {
  const path = containerPath(id, "wait");
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(ms * 2, LONGEST_PAUSE_MS)) {
    await waitOnce(client, path, { id, signal });
    const { running, exitCode } = await requireContainer(client, id, { signal });
    if (!running) {
      return exitCode;
    }
    // It runs again. The pause is for an engine that would say so without end.
    await pause(ms, signal);
  }
}

async function waitOnce(
  client: EngineClient,
  path: string,
  { id, signal }: CallOptions & { readonly id: string },
): Promise<void> {
  try {
    await client.text({
      method: "POST",
      path,
      query: { condition: "not-running" },
      during: "waiting for the container to end",
      signal,
    });
  } catch (error) {
    // Removed meanwhile; some engines then refuse with another status.
    throw error instanceof EngineRequestError && (await inspectContainer(client, id, { signal })) === undefined
      ? new ContainerNotFoundError(id)
      : error;
  }
}
