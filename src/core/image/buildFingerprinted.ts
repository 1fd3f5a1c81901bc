import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { messageOf } from "../errors/ExpectedError";
import { ContextChangedError, ImageNotFoundError } from "../errors/imageErrors";
import { withCurrentBaseImages, type CollectedInputs } from "../fingerprint/collectBuildInputs";
import { imageLabels, LABEL } from "../labels";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { BuildSecrets } from "../secret/readBuildSecrets";
import { imageReference, type Workspace } from "../Workspace";
import { buildEvent, buildWarning, type ImageEvent } from "./ImageResolution";
import { imagesOfBuild } from "./imagesOfBuild";
import { localImage } from "./localImage";
import { prepareBuild } from "./prepareBuild";

export interface BuildFingerprintedOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly build: BuildConfiguration;
  /** What is built, its base images on the engine already. */
  readonly collected: CollectedInputs;
  /** Those that the configuration names. */
  readonly secrets: BuildSecrets;
  /** Builds every step anew. */
  readonly noCache: boolean;
}

/**
 * Builds an image, and gives it its fingerprint's name once it is known to be made of just these inputs: whoever is
 * killed before has at worst made an image without a name. Rejects with ContextChangedError when that cannot be told.
 *
 * @returns the image's ID.
 */
export async function* buildFingerprinted(options: BuildFingerprintedOptions): AsyncGenerator<ImageEvent, string> {
  const { engine, workspace, collected, signal } = options;
  const name = imageReference(workspace, collected.fingerprint);
  const replaced = await engine.inspectImage(name, { signal });
  const built: { imageId?: string; isNamed?: true } = {};
  try {
    for await (const event of buildNameless(options)) {
      if (event.type === "build" && event.event.type === "image") {
        built.imageId = event.event.imageId;
      }
      yield event;
    }
    // The signal counts no more: it is a matter of moments.
    const image = built.imageId === undefined ? undefined : await engine.inspectImage(built.imageId);
    if (image === undefined) {
      throw new ImageNotFoundError(name, "it was built, but is not there any more");
    }
    const moved = movedBaseImage(collected, await withCurrentBaseImages(collected, localImage(engine, undefined)));
    if (moved !== undefined) {
      // Nobody can tell which of the two the builder has used.
      throw new ContextChangedError(`The base image ${moved}`, "");
    }
    await engine.tagImage(image.id, name);
    built.isNamed = true;
    if (replaced !== undefined && replaced.id !== image.id) {
      yield* (await removeNameless(engine, replaced.id)).map(buildWarning);
    }
    return image.id;
  } finally {
    if (built.imageId !== undefined && built.isNamed === undefined) {
      // What cannot be removed now, the next clean-up takes.
      await removeNameless(engine, built.imageId);
    }
  }
}

async function* buildNameless(options: BuildFingerprintedOptions): AsyncGenerator<ImageEvent> {
  const { engine, workspace, build, collected, secrets, noCache, signal } = options;
  const prepared = await prepareBuild({ collected, secrets, engine, signal });
  yield* prepared.warnings.map(buildWarning);
  try {
    for await (const event of engine.buildImage({
      context: prepared.context,
      images: imagesOfBuild(collected),
      secrets: prepared.secrets,
      ssh: build.ssh,
      network: build.network,
      extraHosts: build.extraHosts,
      cacheFrom: build.cacheFrom,
      cacheTo: build.cacheTo,
      tags: [],
      labels: { ...build.labels, ...imageLabels(workspace, collected.fingerprint) },
      args: collected.args,
      target: build.target,
      platform: build.platform,
      noCache,
      signal,
    })) {
      yield* prepared.translate(event).map(buildEvent);
    }
    yield* prepared.end().map(buildEvent);
  } catch (error) {
    yield* prepared.end().map(buildEvent);
    throw prepared.translateError(error);
  }
}

/**
 * Removes an image of ours that no build can find any more, unless somebody has given it a name.
 *
 * @returns for people, why it could not be removed, if so.
 */
async function removeNameless(engine: ContainerEngine, imageId: string): Promise<readonly string[]> {
  try {
    const image = await engine.inspectImage(imageId);
    if (image?.references.length === 0 && image.labels[LABEL.kind] === "build") {
      await engine.removeImage(imageId);
    }
    return [];
  } catch (error) {
    return [`The image ${imageId} that was replaced could not be removed: ${messageOf(error)}`];
  }
}

/** The name behind which another image stands than before, if any. One that has gone was used all the same. */
function movedBaseImage(before: CollectedInputs, after: CollectedInputs): string | undefined {
  const used = baseImagesIn(before);
  // By name: what a new one says with ONBUILD can add arguments, too, and other images.
  return [...baseImagesIn(after)].find(([name, imageId]) => imageId !== null && imageId !== used.get(name))?.[0];
}

function baseImagesIn({ inputs }: CollectedInputs): ReadonlyMap<string, string | null> {
  return new Map(
    inputs.flatMap((input) => (input.kind === "base-image" ? [[input.reference, input.imageId] as const] : [])),
  );
}
