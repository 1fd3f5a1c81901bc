import { createHash } from "node:crypto";
import { join } from "node:path";
import type { WorkspaceConfiguration } from "../config/WorkspaceConfiguration";
import { messageOf } from "../errors/ExpectedError";
import { EngineRequestError } from "../errors/engineErrors";
import { ImageNotFoundError, ImagePullError, RegistryAuthError } from "../errors/imageErrors";
import { ManifestStore } from "../fingerprint/ManifestStore";
import { ImageBuilder, type ResolveOptions } from "../image/ImageBuilder";
import type { ImageDecision, ImageEvent, ImageResolution } from "../image/ImageResolution";
import { NO_NETWORK_SETTINGS, type NetworkSettings, type ReadNetwork } from "../network/NetworkSettings";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { formatEngineAddress } from "../ports/EngineEndpoint";
import { MachineKey } from "../redact/MachineKey";
import { workspaceOf } from "../Workspace";

export interface ImageOfOptions {
  readonly engine: ContainerEngine;
  readonly configuration: WorkspaceConfiguration;
  /** Where Slipway keeps what it can make again; see cacheFolder. */
  readonly cacheFolder: string;
  /** Proxies and certificates; without it there are none. */
  readonly network?: ReadNetwork | undefined;
}

/** The settings for the engine that is used. */
export async function networkOf({ engine, network }: ImageOfOptions): Promise<NetworkSettings> {
  return network === undefined ? NO_NETWORK_SETTINGS : network(engine.endpoint.address);
}

/** Whether the workspace's image, built or ready-made, is there and fresh. Changes nothing. */
export async function checkImage(options: ImageOfOptions & CallOptions): Promise<ImageDecision> {
  const { engine, configuration, signal } = options;
  if (configuration.image.kind === "build") {
    return imageBuilder(options, await networkOf(options)).check(configuration.image.build, { signal });
  }
  const { reference } = configuration.image;
  const image = await engine.inspectImage(reference, { signal });
  const given =
    configuration.source === undefined
      ? `there is no Dockerfile and no slipway.json here: the default image ${reference} is used`
      : `${reference} is used as it is`;
  return {
    state: image === undefined ? "absent" : "given",
    reason: image === undefined ? `${reference} is not on this engine yet` : given,
    changes: [],
    reference,
    fingerprint: undefined,
    imageId: image?.id,
  };
}

/** The workspace's image: found, built or pulled. Yields the decision and what the builder or the registry say. */
export async function* resolveImage(
  options: ImageOfOptions & ResolveOptions,
  network: NetworkSettings,
): AsyncGenerator<ImageEvent, ImageResolution> {
  const { engine, configuration, signal, noCache } = options;
  if (configuration.image.kind === "build") {
    return yield* imageBuilder(options, network).resolve(configuration.image.build, options);
  }
  const started = performance.now();
  const decision = await checkImage(options);
  const { reference } = decision;
  let { reason } = decision;
  yield { type: "decision", decision, willBuild: false, durationMs: performance.now() - started };
  if (decision.imageId === undefined || noCache === true) {
    try {
      for await (const event of engine.pullImage({ reference, signal })) {
        yield { type: "build", event };
      }
      reason = `${reference} was pulled`;
    } catch (error) {
      const refused =
        error instanceof ImageNotFoundError ||
        error instanceof RegistryAuthError ||
        // What comes of a registry that cannot be reached.
        error instanceof EngineRequestError;
      if (!refused || decision.imageId === undefined) {
        throw error instanceof EngineRequestError
          ? new ImagePullError(reference, error.detail, { cause: error })
          : error;
      }
      const message = `${reference} could not be pulled, the local one is used: ${messageOf(error)}`;
      yield { type: "build", event: { type: "warning", message } };
    }
  }
  const image = await engine.inspectImage(reference, { signal });
  if (image === undefined) {
    throw new ImageNotFoundError(reference, "it was pulled, but is not there any more");
  }
  return { reference, imageId: image.id, fingerprint: undefined, wasBuilt: false, reason };
}

function imageBuilder({ engine, configuration, cacheFolder }: ImageOfOptions, network: NetworkSettings): ImageBuilder {
  const workspace = workspaceOf(configuration.folder);
  // Each engine has images of its own, and so an own history of what they were built from.
  const engineId = createHash("sha256").update(formatEngineAddress(engine.endpoint.address)).digest("hex").slice(0, 12);
  return new ImageBuilder({
    engine,
    workspace,
    manifests: new ManifestStore(join(cacheFolder, "manifests", workspace.id, engineId)),
    network,
    machineKey: new MachineKey(cacheFolder),
  });
}
