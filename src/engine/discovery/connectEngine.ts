import { EngineUnavailableError, type EngineAttempt } from "../../core/errors/engineErrors";
import type { ContainerEngine } from "../../core/ports/ContainerEngine";
import { MachineCredentials } from "../credentials/MachineCredentials";
import { currentEnvironment } from "./currentEnvironment";
import type { EndpointEnvironment } from "./EndpointEnvironment";
import type { ExplicitChoice } from "./explicitCandidate";
import { listCandidates } from "./listCandidates";
import { probeAll } from "./probeAll";
import { remedyFor } from "./remedyFor";

export interface ConnectOptions {
  /** The only place to look, and who said it. */
  readonly explicit?: ExplicitChoice | undefined;
  /** Whether a setting allows engines on other machines without TLS. */
  readonly allowPlainTcp?: boolean;
  /** This machine where absent. */
  readonly environment?: EndpointEnvironment;
  readonly signal?: AbortSignal | undefined;
}

/** The first engine that answers. Rejects with EngineUnavailableError, which names every attempt and what to do. */
export async function connectEngine(options: ConnectOptions = {}): Promise<ContainerEngine> {
  const { explicit, allowPlainTcp = false, environment = currentEnvironment({ allowPlainTcp }), signal } = options;
  const attempts: EngineAttempt[] = [];
  for await (const { result } of probeAll(listCandidates(environment, explicit), signal)) {
    if (result.kind === "engine") {
      // Loaded when it is first needed: it is by far the largest part of the program.
      const { DockerodeEngine } = await import("../DockerodeEngine");
      return new DockerodeEngine(result.endpoint, {
        credentials: new MachineCredentials(environment, result.info.kind),
        environment,
      });
    }
    attempts.push(result.attempt);
  }
  throw new EngineUnavailableError(attempts, remedyFor(attempts, environment));
}
