import { randomUUID } from "node:crypto";
import { externalImages } from "../../src/core/dockerfile/externalImages";
import { listStages } from "../../src/core/dockerfile/listStages";
import { parseDockerfile } from "../../src/core/dockerfile/parseDockerfile";
import { reachableStages } from "../../src/core/dockerfile/reachableStages";
import type { BuildEvent } from "../../src/core/ports/BuildEvent";
import type { BuildImageOptions } from "../../src/core/ports/ContainerEngine";
import { buildOverApi } from "../../src/engine/build/buildOverApi";
import { currentEnvironment } from "../../src/engine/discovery/currentEnvironment";
import type { RegistryCredentials } from "../../src/engine/credentials/RegistryCredentials";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";
import { EngineConnection } from "../../src/engine/EngineConnection";
import { pullOverApi } from "../../src/engine/pullOverApi";
import { pushOverApi } from "../../src/engine/pushOverApi";
import { isPodman } from "./isPodman";

type Events = readonly BuildEvent[];

/** What an engine does with a registry, with logins of the test's own. */
export class EngineApi {
  private readonly connection: EngineConnection;
  readonly kind: "docker" | "podman";

  constructor(address: string) {
    const parsed = parseEngineAddress(address);
    if ("problem" in parsed) {
      throw new Error(parsed.problem);
    }
    this.connection = new EngineConnection(parsed);
    this.kind = isPodman(address) ? "podman" : "docker";
  }

  async pull(reference: string, credentials?: RegistryCredentials): Promise<Events> {
    return all(pullOverApi(this.connection, { reference }, credentials));
  }

  async push(reference: string, credentials?: RegistryCredentials): Promise<Events> {
    return all(pushOverApi(this.connection, { reference }, credentials));
  }

  /** Without a context. */
  async build(
    dockerfile: string,
    options: Partial<BuildImageOptions> & { readonly credentials?: RegistryCredentials },
  ): Promise<Events> {
    const content = Buffer.from(dockerfile);
    const { connection, kind } = this;
    return all(
      buildOverApi({
        context: { root: "/nowhere", entries: [], dockerfile: { pathInContext: undefined, content } },
        tags: [],
        labels: {},
        args: {},
        images: externalImages(reachableStages(listStages(parseDockerfile(dockerfile), options.args ?? {}))),
        ...options,
        connection,
        builder: kind === "docker" ? "buildkit" : "buildah",
        version: "4.3",
        environment: currentEnvironment(),
        buildId: randomUUID(),
      }),
    );
  }
}

async function all(events: AsyncIterable<BuildEvent>): Promise<Events> {
  const found: BuildEvent[] = [];
  for await (const event of events) {
    found.push(event);
  }
  return found;
}
