import { EngineUnavailableError, type EngineAttempt } from "../../core/errors";
import type { ContainerEngine } from "../../core/ports/ContainerEngine";
import { currentEnvironment } from "./currentEnvironment";
import type { EndpointEnvironment } from "./EndpointEnvironment";
import { listCandidates } from "./listCandidates";
import { probeEndpoint } from "./probeEndpoint";

export interface ConnectOptions {
  /** The only address to try, and who said it. */
  readonly explicit?: { readonly address: string; readonly source: string } | undefined;
  readonly environment?: EndpointEnvironment;
  readonly signal?: AbortSignal | undefined;
}

/** The first engine that answers. Rejects with EngineUnavailableError, which names every attempt. */
export async function connectEngine(options: ConnectOptions = {}): Promise<ContainerEngine> {
  const { explicit, environment = currentEnvironment(), signal } = options;
  const attempts: EngineAttempt[] = [];
  for (const candidate of listCandidates(environment, explicit)) {
    const result = await probeEndpoint(candidate, signal);
    if (result.kind === "engine") {
      // Loaded when it is first needed: it is by far the largest part of the program.
      const { DockerodeEngine } = await import("../DockerodeEngine");
      return new DockerodeEngine(result.endpoint);
    }
    attempts.push(result.attempt);
  }
  throw new EngineUnavailableError(attempts);
}
