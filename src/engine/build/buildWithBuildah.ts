import {
  BuildOptionError,
  ImageBuildError,
  ImageNotFoundError,
  RegistryAuthError,
} from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { noCredentials } from "../credentials/RegistryCredentials";
import { Warnings } from "../Warnings";
import { buildahCacheQuery } from "./buildahCacheQuery";
import { registryConfig } from "./buildCredentials";
import type { BuildOverApiOptions } from "./BuildOverApiOptions";
import { cacheImages } from "./cacheReferences";
import { BUILDER_NAMES } from "./chooseBuilder";
import { namedImages } from "./namedImages";
import type { Query } from "../EngineConnection";
import { EXTRA_DOCKERFILE, packContext } from "./packContext";
import { readBuildahBuild } from "./readBuildahBuild";
import { requestBuild } from "./requestBuild";
import { buildahMarker, buildahShmSize, stopBuildahStep } from "./stopBuildahStep";

/** By Podman's builder, with a tar. */
export async function* buildWithBuildah(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  const { buildId, context, credentials = noCredentials, secrets = new Map<string, Uint8Array>(), signal } = options;
  requireBuildahOptions(options);
  const warnings = new Warnings();
  const cache = buildahCacheQuery(options, warnings.add);
  const images = namedImages([...(options.images ?? []), ...cacheImages(cache.repositories)]);
  const headers = await registryConfig(credentials, images, { signal, onWarning: warnings.add });
  const { tar, dockerfile, secretFiles } = packContext(context, { secrets });
  if (options.network === "none" && Object.keys(options.extraHosts ?? {}).length > 0) {
    warnings.add('Podman has no /etc/hosts where the network is "none": build.extraHosts says nothing to this build.');
  }
  const hosts = { ...options.extraHosts, [buildahMarker(buildId)]: "127.0.0.1" };
  let ended = false;
  try {
    yield* requestBuild(options, {
      query: {
        ...cache.query,
        ...networkQuery(options),
        // Podman would apply the context's .dockerignore once more, by rules of its own. With a list of its own it does
        // not look at the file; in it are the names of what is not part of the context.
        excludes: JSON.stringify([EXTRA_DOCKERFILE, ...secretFiles.values()]),
        secrets:
          secretFiles.size === 0
            ? undefined
            : JSON.stringify([...secretFiles].map(([id, file]) => `id=${id},src=${file}`)),
        extrahosts: JSON.stringify(Object.entries(hosts).map(([name, address]) => `${name}:${address}`)),
        // Without this, layers of one build are no cache for the next.
        layers: "1",
      },
      dockerfile,
      headers,
      tar,
      signal,
      read: (lines) => readBuildahBuild(lines, Object.keys(options.labels)),
      images,
      warnings,
    });
    ended = true;
  } catch (error) {
    ended = [ImageBuildError, ImageNotFoundError, RegistryAuthError].some((kind) => error instanceof kind);
    throw error;
  } finally {
    if (!ended) {
      await stopBuildahStep(buildId, options.network);
    }
  }
}

/**
 * The API of Podman says all of this in another way than Docker's (nsoptions and networkmode of pkg/api/handlers/compat):
 * without it, RUN is on the machine's own network, whatever "networkmode" says.
 */
function networkQuery({ network, buildId }: BuildOverApiOptions): Query {
  const policy = { enabled: "2", disabled: "1" } as const;
  const namespace = (more: object): string => JSON.stringify([{ Name: "network", ...more }]);
  switch (network) {
    case undefined:
    case "default":
      return {};
    case "none":
      return { nsoptions: namespace({}), networkmode: policy.disabled, shmsize: String(buildahShmSize(buildId)) };
    case "host":
      return { nsoptions: namespace({ Host: true }) };
    default:
      return { nsoptions: namespace({ Path: network }), networkmode: policy.enabled };
  }
}

function requireBuildahOptions({ ssh = [], secrets }: BuildOverApiOptions): void {
  if (ssh.length > 0) {
    throw new BuildOptionError(
      "build.ssh",
      BUILDER_NAMES.buildah,
      "Its API has no way for an SSH agent. Give the build a secret (build.secrets and RUN --mount=type=secret), or build with Docker.",
    );
  }
  // Podman takes the list of secrets apart at these.
  const odd = [...(secrets?.keys() ?? [])].find((id) => /[,"\r\n]/.test(id));
  if (odd !== undefined) {
    throw new BuildOptionError(
      "build.secrets",
      BUILDER_NAMES.buildah,
      `It takes no secret whose ID has a comma, a quote or a line break in it, as ${JSON.stringify(odd)} has. Give it another ID.`,
    );
  }
}
