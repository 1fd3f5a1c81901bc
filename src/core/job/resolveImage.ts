import { createHash } from "node:crypto";
import { join } from "node:path";
import type { WorkspaceConfiguration } from "../config/WorkspaceConfiguration";
import { EngineRequestError } from "../errors/engineErrors";
import { ImageNotFoundError, ImagePullError, PullForbiddenError } from "../errors/imageErrors";
import { ManifestStore } from "../fingerprint/ManifestStore";
import { ImageBuilder, type ResolveOptions } from "../image/ImageBuilder";
import type { CheckOptions } from "../image/ImageExaminer";
import {
  buildEvent,
  buildWarning,
  type ImageDecision,
  type ImageEvent,
  type ImageResolution,
} from "../image/ImageResolution";
import { isRefusal } from "../image/pullBaseImages";
import { BuildLock } from "../image/sharing/BuildLock";
import { NO_NETWORK_SETTINGS, type NetworkSettings, type ReadNetwork } from "../network/NetworkSettings";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { formatEngineAddress } from "../ports/EngineEndpoint";
import { MachineKey } from "../redact/MachineKey";
import { workspaceOf, type Workspace } from "../Workspace";

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
export async function checkImage(options: ImageOfOptions & CheckOptions): Promise<ImageDecision> {
  const { engine, configuration, signal } = options;
  if (configuration.image.kind === "build") {
    return imageBuilder(options, await networkOf(options)).check(configuration.image.build, options);
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
  const { engine, configuration, signal, noCache, pull } = options;
  if (configuration.image.kind === "build") {
    return yield* imageBuilder(options, network).resolve(configuration.image.build, options);
  }
  const started = performance.now();
  const decision = await checkImage(options);
  const { reference } = decision;
  let { reason } = decision;
  yield { type: "decision", decision, willBuild: false, durationMs: performance.now() - started };
  const again = pull === "always" || (pull !== "never" && noCache === true);
  if (decision.imageId === undefined && pull === "never") {
    throw new PullForbiddenError(reference);
  }
  if (decision.imageId !== undefined && !again) {
    return { reference, imageId: decision.imageId, fingerprint: undefined, wasBuilt: false, reason };
  }
  try {
    for await (const event of engine.pullImage({ reference, signal })) {
      yield buildEvent(event);
    }
    reason = `${reference} was pulled`;
  } catch (error) {
    if (!isRefusal(error) || decision.imageId === undefined) {
      throw error instanceof EngineRequestError ? new ImagePullError(reference, error.detail, { cause: error }) : error;
    }
    yield buildWarning(`${reference} could not be pulled, the local one is used: ${error.detail}`);
  }
  const image = await engine.inspectImage(reference, { signal });
  if (image === undefined) {
    throw new ImageNotFoundError(reference, "it was pulled, but is not there any more");
  }
  return { reference, imageId: image.id, fingerprint: undefined, wasBuilt: false, reason };
}

/** Each engine has images of its own, and so an own history of what they were built from. */
export function manifestsOf(
  { engine, cacheFolder }: Pick<ImageOfOptions, "engine" | "cacheFolder">,
  workspace: Workspace,
): ManifestStore {
  const engineId = createHash("sha256").update(formatEngineAddress(engine.endpoint.address)).digest("hex").slice(0, 12);
  return new ManifestStore(join(cacheFolder, "manifests", workspace.id, engineId));
}

/** Those that keep two processes from building the same image at once. */
export function locksOf(cacheFolder: string): BuildLock {
  return new BuildLock(join(cacheFolder, "locks"));
}

/** With the network's settings for the engine that is used. */
export async function imageBuilderOf(options: ImageOfOptions): Promise<ImageBuilder> {
  return imageBuilder(options, await networkOf(options));
}

function imageBuilder({ engine, configuration, cacheFolder }: ImageOfOptions, network: NetworkSettings): ImageBuilder {
  const workspace = workspaceOf(configuration.folder);
  return new ImageBuilder({
    engine,
    workspace,
    manifests: manifestsOf({ engine, cacheFolder }, workspace),
    network,
    machineKey: new MachineKey(cacheFolder),
    locks: locksOf(cacheFolder),
    cacheFolder,
  });
}
