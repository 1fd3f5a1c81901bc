import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { ImageBuildError, ContextChangedError, ImageNotFoundError } from "../errors/imageErrors";
import { ProvisionError } from "../errors/provisionErrors";
import { buildEvent, buildWarning, type ImageEvent } from "../image/ImageResolution";
import { imageLabels, LABEL, taskLabels } from "../labels";
import { makeFolder } from "../makeFolder";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { ImageDetails } from "../ports/ContainerTypes";
import { useContainer } from "../task/containersInUse";
import { someNames } from "../transfer/someNames";
import { StagingFolder } from "../transfer/StagingFolder";
import type { Workspace } from "../Workspace";
import { BaseFolders } from "./BaseFolders";
import { LayerDraft } from "./LayerDraft";
import { packLayer } from "./packLayer";
import { provisionReference } from "./provisionReference";
import type { ReadResource } from "./ReadResource";

export interface BuildLayerOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly cacheFolder: string;
  readonly base: ImageDetails;
  /** A name that stands for the base image. */
  readonly baseName: string;
  readonly resources: readonly ReadResource[];
  readonly hash: string;
  /** Rejects with ContextChangedError unless the resources are still what the hash was made of. */
  readonly verify: () => Promise<void>;
  readonly noCache?: boolean | undefined;
}

/**
 * Builds the layer, and gives the image its name once it is known to be made of just these resources on just this base
 * image: whoever is killed before has at worst made an image without a name.
 *
 * @returns the image's ID.
 */
export async function* buildLayer(options: BuildLayerOptions): AsyncGenerator<ImageEvent, string> {
  const { engine, cacheFolder, base, baseName, hash, verify } = options;
  const reference = provisionReference(hash);
  const draft = await draftLayer(options);
  if (draft.skipped.length > 0) {
    yield buildWarning(`Not put on the image, since they are pipes: ${someNames(draft.skipped)}.`);
  }
  const folder = join(cacheFolder, "provision");
  await makeFolder(folder);
  const staging = await StagingFolder.create(folder);
  const built: { imageId?: string; isNamed?: true } = {};
  try {
    for await (const event of build(options, draft, staging.files)) {
      if (event.type === "build" && event.event.type === "image") {
        built.imageId = event.event.imageId;
      }
      yield event;
    }
    if (built.imageId === undefined) {
      throw new ImageNotFoundError(reference, "it was built, but is not there any more");
    }
    await verify();
    if ((await engine.inspectImage(baseName))?.id !== base.id) {
      throw new ContextChangedError(`The base image ${baseName}`, "");
    }
    const replaced = await engine.inspectImage(reference);
    await engine.tagImage(built.imageId, reference);
    built.isNamed = true;
    if (replaced !== undefined && replaced.id !== built.imageId) {
      await removeNameless(engine, replaced.id);
    }
    return built.imageId;
  } finally {
    await staging.remove();
    if (built.imageId !== undefined && built.isNamed === undefined) {
      await removeNameless(engine, built.imageId);
    }
  }
}

async function* build(options: BuildLayerOptions, draft: LayerDraft, folder: string): AsyncGenerator<ImageEvent> {
  const { engine, workspace, base, baseName, hash, noCache, signal } = options;
  const context = await packLayer({ folder, entries: draft.entries, baseImage: baseName, signal });
  const own = (await engine.info({ signal })).platform;
  try {
    for await (const event of engine.buildImage({
      ...{ context, tags: [], args: {}, noCache, signal },
      images: [{ reference: baseName, known: true }],
      labels: { ...imageLabels(workspace, hash), [LABEL.kind]: "provision" },
      platform: base.platform === own ? undefined : base.platform,
    })) {
      yield buildEvent(event);
    }
  } catch (error) {
    throw error instanceof ImageBuildError
      ? new ProvisionError(baseName, error.failure.detail, { cause: error })
      : error;
  }
}

/** Looks into the base image by a container that is never started. */
async function draftLayer(options: BuildLayerOptions): Promise<LayerDraft> {
  const { engine, workspace, base, resources, signal } = options;
  const name = `slipway-provision-${randomBytes(4).toString("hex")}`;
  const use = useContainer(name);
  try {
    const containerId = await engine.createContainer(
      {
        ...{ image: base.id, name, command: ["true"], workingDirectory: undefined, env: {}, mounts: [], ports: [] },
        labels: taskLabels({ workspace, task: undefined, fingerprint: undefined, session: name, keep: false, name }),
      },
      { signal },
    );
    try {
      return await LayerDraft.make(new BaseFolders({ engine, containerId, signal }), resources);
    } finally {
      await engine.removeContainer(containerId);
    }
  } finally {
    use.release();
  }
}

/** What cannot be removed now, a clean-up takes. */
async function removeNameless(engine: ContainerEngine, imageId: string): Promise<void> {
  const image = await engine.inspectImage(imageId).catch(() => undefined);
  if (image?.references.length === 0 && image.labels[LABEL.kind] === "provision") {
    await engine.removeImage(imageId).catch(() => undefined);
  }
}
