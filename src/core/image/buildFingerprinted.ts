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
 * Builds an image under its fingerprint's name. Rejects with ContextChangedError when it cannot be told any more that the
 * image was made of just these inputs: then it has not got the name.
 *
 * @returns the image's ID.
 */
export async function* buildFingerprinted(options: BuildFingerprintedOptions): AsyncGenerator<ImageEvent, string> {
  const { engine, workspace, build, collected, secrets, noCache, signal } = options;
  const tag = imageReference(workspace, collected.fingerprint);
  const replaced = await engine.inspectImage(tag, { signal });
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
      tags: [tag],
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
  // From here until the image is known to be right, nothing is aborted: its name promises what it was made from.
  const image = await engine.inspectImage(tag);
  if (image === undefined) {
    throw new ImageNotFoundError(tag, "it was built, but is not there any more");
  }
  const after = await withCurrentBaseImages(collected, localImage(engine, undefined));
  const moved = movedBaseImage(collected, after);
  if (moved !== undefined) {
    // Nobody can tell which of the two the builder has used.
    await engine.removeImage(tag);
    throw new ContextChangedError(`The base image ${moved}`, "");
  }
  if (replaced !== undefined && replaced.id !== image.id) {
    yield* removeNameless(engine, replaced.id, signal);
  }
  return image.id;
}

/** Removes the image that a rebuild has taken the name from, unless somebody has given it another one. */
async function* removeNameless(
  engine: ContainerEngine,
  imageId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ImageEvent> {
  try {
    const image = await engine.inspectImage(imageId, { signal });
    const nameless = image?.references.length === 0 && image.labels[LABEL.kind] === "build";
    if (nameless) {
      await engine.removeImage(imageId, { signal });
    }
  } catch (error) {
    signal?.throwIfAborted();
    yield buildWarning(`The image ${imageId} that was replaced could not be removed: ${messageOf(error)}`);
  }
}

/** The name behind which another image stands than before, if any. One that has gone was used all the same. */
function movedBaseImage(before: CollectedInputs, after: CollectedInputs): string | undefined {
  const moved = after.inputs.find((now, index) => {
    const input = before.inputs[index];
    return (
      now.kind === "base-image" && input?.kind === "base-image" && now.imageId !== null && now.imageId !== input.imageId
    );
  });
  return moved?.kind === "base-image" ? moved.reference : undefined;
}
