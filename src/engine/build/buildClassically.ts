import { BuildOptionError } from "../../core/errors/imageErrors";
import { CA_SECRET } from "../../core/network/addNetwork";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { noCredentials } from "../credentials/RegistryCredentials";
import { Warnings } from "../Warnings";
import { registryConfig } from "./buildCredentials";
import type { BuildOverApiOptions } from "./BuildOverApiOptions";
import { cacheImages, cacheReferences } from "./cacheReferences";
import { BUILDER_NAMES } from "./chooseBuilder";
import { dockerQuery } from "./dockerQuery";
import { namedImages } from "./namedImages";
import { packContext } from "./packContext";
import { readClassicBuild } from "./readClassicBuild";
import { requestBuild } from "./requestBuild";

/** By the builder that Docker had before BuildKit, with a tar. Closing the connection ends it, and what runs in it. */
export async function* buildClassically(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  const { context, credentials = noCredentials, signal } = options;
  requireClassicOptions(options);
  const cacheFrom = cacheReferences(options.cacheFrom, "classic");
  const images = namedImages([...(options.images ?? []), ...cacheImages(cacheFrom)]);
  const warnings = new Warnings();
  const headers = await registryConfig(credentials, images, { signal, onWarning: warnings.add });
  const { tar, dockerfile } = packContext(context, { hidesDockerfile: true });
  yield* requestBuild(options, {
    query: dockerQuery(options, cacheFrom),
    dockerfile,
    headers,
    tar,
    signal,
    read: (lines) => readClassicBuild(lines, Object.keys(options.labels)),
    images,
    warnings,
  });
}

function requireClassicOptions({ secrets, ssh, cacheTo }: BuildOverApiOptions): void {
  const needed = "Build with BuildKit (DOCKER_BUILDKIT is not 0, and the engine has it)";
  if (secrets?.has(CA_SECRET) === true) {
    throw new BuildOptionError(
      "slipway.extraCaCertificates",
      BUILDER_NAMES.classic,
      `The added certificates reach RUN as a secret mount, which it does not know. ${needed}, or take the certificates away.`,
    );
  }
  const asked = [
    ["build.secrets", (secrets?.size ?? 0) > 0],
    ["build.ssh", (ssh?.length ?? 0) > 0],
    ["build.cacheTo", (cacheTo?.length ?? 0) > 0],
  ] as const;
  for (const [option, isAsked] of asked) {
    if (isAsked) {
      throw new BuildOptionError(option, BUILDER_NAMES.classic, `${needed}, or leave the option out.`);
    }
  }
}
