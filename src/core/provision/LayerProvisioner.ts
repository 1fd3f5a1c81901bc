import { cacheFolder } from "../cacheFolder";
import { ContextChangedError, ImageNotFoundError } from "../errors/imageErrors";
import type { ContextScanner } from "../fingerprint/scan/ContextScanner";
import { sharedScanner } from "../fingerprint/scan/sharedScanner";
import { MOST_ATTEMPTS } from "../fingerprint/startOver";
import { buildKey } from "../image/buildKey";
import { acquireBuildLock } from "../image/buildOnce";
import { buildEvent, buildWarning, type ImageEvent } from "../image/ImageResolution";
import type { BuildLock } from "../image/sharing/BuildLock";
import { imageEventCondensing } from "../image/sharing/imageEventCondensing";
import { SharedRuns } from "../image/sharing/SharedRuns";
import { LABEL } from "../labels";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { ImageDetails } from "../ports/ContainerTypes";
import { ResourceError } from "../errors/provisionErrors";
import { countOf } from "../showText";
import type { Workspace } from "../Workspace";
import { buildLayer } from "./buildLayer";
import { cleanUpProvisioned } from "./cleanUpProvisioned";
import { provisionHash } from "./provisionHash";
import { provisionHashOf, provisionReference } from "./provisionReference";
import type { ProvisionedImage, Provisioner, ProvisionOptions } from "./Provisioner";
import type { ReadResource } from "./ReadResource";
import { readResources } from "./readResources";

export interface LayerProvisionerOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  /** Keep two processes from building the same image at once. */
  readonly locks: BuildLock;
  /** Undefined is the one that everything of Slipway shares. */
  readonly cacheFolder?: string | undefined;
  /** The base image where none is asked for. */
  readonly defaultImage?: string | undefined;
  /** Builds always, whatever is asked for. */
  readonly forceRebuild?: boolean | undefined;
  readonly scanner?: ContextScanner | undefined;
}

const DEFAULT_BASE = "debian:stable-slim";
const ID = /^(?:sha256:)?[0-9a-f]{64}$/;

/** Those of this process. */
const builds = new SharedRuns<ImageEvent, ProvisionedImage>(imageEventCondensing);

/** Puts resources on an image as one layer, which is kept until the image or one of them changes. */
export class LayerProvisioner implements Provisioner {
  private readonly cacheFolder: string;

  constructor(private readonly options: LayerProvisionerOptions) {
    this.cacheFolder = options.cacheFolder ?? cacheFolder();
  }

  async *provision(options: ProvisionOptions): AsyncGenerator<ImageEvent, ProvisionedImage> {
    for (let attempt = 1; ; attempt++) {
      try {
        const image = yield* this.provisionOnce(options);
        if (image.wasBuilt && options.keepImages !== undefined) {
          const { engine, workspace, locks } = this.options;
          const keep = options.keepImages;
          const { signal } = options;
          const own = { engine, workspace, locks, keep, signal, current: image.hash };
          yield* (await cleanUpProvisioned(own)).map(buildWarning);
        }
        return image;
      } catch (error) {
        if (!(error instanceof ContextChangedError)) {
          throw error;
        }
        if (attempt === MOST_ATTEMPTS) {
          const detail = "it changed while it was being used. Run this again once nothing changes it.";
          throw new ResourceError(error.path, detail, { cause: error });
        }
        yield buildWarning(`${error.path} changed meanwhile: starting over`);
      }
    }
  }

  async cleanup(reference: string, options: CallOptions = {}): Promise<boolean> {
    const { engine } = this.options;
    const hash = provisionHashOf(reference);
    if (hash === undefined) {
      return false;
    }
    const name = provisionReference(hash);
    const labels = (await engine.inspectImage(name, options))?.labels;
    const isOurs = labels?.[LABEL.kind] === "provision" && labels[LABEL.fingerprint] === hash;
    return isOurs && (await engine.removeImage(name, options)) === "removed";
  }

  private async *provisionOnce(options: ProvisionOptions): AsyncGenerator<ImageEvent, ProvisionedImage> {
    const { engine, defaultImage = DEFAULT_BASE } = this.options;
    const { baseImage = defaultImage, signal } = options;
    const baseImageId = options.baseImageId ?? (yield* this.findBase(baseImage, options)).id;
    const resources = await this.read(options);
    try {
      const hash = provisionHash(baseImageId, resources);
      const isForced = options.forceRebuild === true || options.noCache === true || this.options.forceRebuild === true;
      const found = await this.find(hash, { signal });
      if (found !== undefined && !isForced) {
        return { ...found, wasBuilt: false };
      }
      const key = buildKey(engine, provisionReference(hash));
      return yield* builds.follow({
        ...{ key, noCache: options.noCache, signal },
        joining: buildEvent({
          type: "progress",
          message: "These resources are put on the image already: following that",
        }),
        start: (shared) =>
          this.build({ ...options, baseImage, signal: shared }, { baseImageId, resources, hash, replaced: found }),
      });
    } finally {
      resources.forEach(({ release }) => {
        release();
      });
    }
  }

  private async *build(
    options: ProvisionOptions & { readonly baseImage: string },
    known: {
      readonly baseImageId: string;
      readonly resources: readonly ReadResource[];
      readonly hash: string;
      /** What there is, but is not to be used. */
      readonly replaced: Pick<ProvisionedImage, "imageId"> | undefined;
    },
  ): AsyncGenerator<ImageEvent, ProvisionedImage> {
    const { engine, workspace, locks } = this.options;
    const { baseImage, noCache, signal } = options;
    const { baseImageId, resources, hash, replaced } = known;
    const reference = provisionReference(hash);
    const lock = yield* acquireBuildLock(locks, buildKey(engine, reference), signal);
    try {
      // Another process may have built it since it was looked for.
      const found = await this.find(hash, { signal });
      if (found !== undefined && found.imageId !== replaced?.imageId) {
        return { ...found, wasBuilt: false };
      }
      const base = await engine.inspectImage(baseImageId, { signal });
      if (base === undefined) {
        throw new ContextChangedError(`The base image ${baseImage}`, "");
      }
      requireNoTriggers(baseImage, base, resources);
      yield buildEvent({
        type: "progress",
        message: `Putting ${countOf(resources.length, "resource")} on ${baseImage}`,
      });
      const imageId = yield* buildLayer({
        ...{ engine, workspace, cacheFolder: this.cacheFolder, base, resources, hash, noCache, signal },
        baseName: await this.nameOf(base, baseImage),
        verify: async () => this.verify(options, baseImageId, hash),
      });
      return { reference, imageId, hash, wasBuilt: true };
    } finally {
      await lock.release();
    }
  }

  private async *findBase(reference: string, { signal }: CallOptions): AsyncGenerator<ImageEvent, ImageDetails> {
    const { engine } = this.options;
    const found = await engine.inspectImage(reference, { signal });
    if (found !== undefined) {
      return found;
    }
    for await (const event of engine.pullImage({ reference, signal })) {
      yield buildEvent(event);
    }
    const pulled = await engine.inspectImage(reference, { signal });
    if (pulled === undefined) {
      throw new ImageNotFoundError(reference, "it was pulled, but is not there any more");
    }
    return pulled;
  }

  /** Builders take no bare ID for the name of an image; one without a name gets one of ours, and keeps it. */
  private async nameOf(base: ImageDetails, reference: string): Promise<string> {
    const [known] = base.references;
    if (!ID.test(reference)) {
      return reference;
    }
    const name = known ?? `localhost/slipway-base:${base.id.replace(/^sha256:/, "")}`;
    if (known === undefined) {
      await this.options.engine.tagImage(base.id, name);
    }
    return name;
  }

  private async find(hash: string, options: CallOptions): Promise<Omit<ProvisionedImage, "wasBuilt"> | undefined> {
    const reference = provisionReference(hash);
    const image = await this.options.engine.inspectImage(reference, options);
    // A tag can be moved to any image by hand.
    return image?.labels[LABEL.fingerprint] === hash ? { reference, imageId: image.id, hash } : undefined;
  }

  private async verify(options: ProvisionOptions, baseImageId: string, hash: string): Promise<void> {
    const now = await this.read(options);
    now.forEach(({ release }) => {
      release();
    });
    if (provisionHash(baseImageId, now) !== hash) {
      throw new ContextChangedError("A resource");
    }
  }

  private async read({ resources, signal }: ProvisionOptions): Promise<readonly ReadResource[]> {
    const { scanner = sharedScanner() } = this.options;
    return readResources({ resources, cacheFolder: this.cacheFolder, scanner, signal });
  }
}

/** They would run, and without what they were written for. */
function requireNoTriggers(baseImage: string, { config }: ImageDetails, [first]: readonly ReadResource[]): void {
  if (config.onBuild.length > 0) {
    const detail = `the image ${baseImage} has ONBUILD instructions, which are for a Dockerfile of its own. Copy it there.`;
    throw new ResourceError(first?.source ?? "Nothing", detail);
  }
}
