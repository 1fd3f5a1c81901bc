import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { ContextChangedError, ImageBuildError, ImageNotFoundError, messageOf } from "../errors";
import { collectBuildInputs, withCurrentBaseImages, type CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { ManifestStore } from "../fingerprint/ManifestStore";
import { imageLabels, LABEL } from "../labels";
import type { BuildEvent } from "../ports/BuildEvent";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { imageReference, type Workspace } from "../Workspace";
import { decideImage } from "./decideImage";
import { locateStep } from "./locateStep";
import type { ImageDecision, ImageEvent, ImageResolution } from "./ImageResolution";

export interface ResolveOptions extends CallOptions {
  /** Build even when the image is fresh. */
  readonly force?: boolean | undefined;
  /** Build every step anew, on base images that are pulled first. */
  readonly noCache?: boolean | undefined;
}

export interface ImageBuilderOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly manifests: ManifestStore;
}

/** How often a build starts over when files change under it. */
const MOST_ATTEMPTS = 3;

/** Decides whether the workspace's image must be built, builds it if so, and says why. */
export class ImageBuilder {
  private readonly engine: ContainerEngine;
  private readonly workspace: Workspace;
  private readonly manifests: ManifestStore;

  constructor({ engine, workspace, manifests }: ImageBuilderOptions) {
    this.engine = engine;
    this.workspace = workspace;
    this.manifests = manifests;
  }

  /** Looks only: nothing is pulled or built. */
  async check(build: BuildConfiguration, { signal }: CallOptions = {}): Promise<ImageDecision> {
    return this.decide(await this.collect(build, signal), {}, signal);
  }

  /** Yields the decision and then, if it is to build, what the builder says. Returns the image. */
  async *resolve(build: BuildConfiguration, options: ResolveOptions = {}): AsyncGenerator<ImageEvent, ImageResolution> {
    for (let attempt = 1; ; attempt++) {
      try {
        return yield* this.resolveOnce(build, options);
      } catch (error) {
        if (!(error instanceof ContextChangedError) || attempt === MOST_ATTEMPTS) {
          throw error;
        }
        yield { type: "build", event: { type: "warning", message: `${error.path} changed meanwhile: starting over` } };
      }
    }
  }

  private async *resolveOnce(
    build: BuildConfiguration,
    options: ResolveOptions,
  ): AsyncGenerator<ImageEvent, ImageResolution> {
    const { signal } = options;
    const started = performance.now();
    const collected = await this.collect(build, signal);
    const decision = await this.decide(collected, options, signal);
    const willBuild = decision.state !== "fresh" || options.force === true || options.noCache === true;
    yield { type: "decision", decision, willBuild, durationMs: performance.now() - started };
    if (!willBuild && decision.imageId !== undefined) {
      await this.manifests.save(collected.fingerprint, collected.inputs);
      return this.resolution(decision, decision.imageId, false);
    }
    for await (const event of this.pullBaseImages(build, collected, options)) {
      yield { type: "build", event };
    }
    const current = await withCurrentBaseImages(collected, (reference) => this.imageIdOf(reference, signal));
    const tag = imageReference(this.workspace, current.fingerprint);
    const replaced = await this.engine.inspectImage(tag, { signal });
    try {
      for await (const event of this.engine.buildImage({
        context: current.context,
        tags: [tag],
        labels: imageLabels(this.workspace, current.fingerprint),
        args: build.args,
        target: build.target,
        platform: build.platform,
        noCache: options.noCache,
        signal,
      })) {
        yield { type: "build", event };
      }
    } catch (error) {
      throw error instanceof ImageBuildError ? withLocation(error, current) : error;
    }
    const image = await this.engine.inspectImage(tag, { signal });
    if (image === undefined) {
      throw new ImageNotFoundError(tag, "it was built, but is not there any more");
    }
    await this.manifests.save(current.fingerprint, current.inputs);
    if (replaced !== undefined && replaced.id !== image.id) {
      await this.engine.removeImage(replaced.id, { signal });
    }
    return this.resolution({ ...decision, reference: tag, fingerprint: current.fingerprint }, image.id, true);
  }

  private async collect(build: BuildConfiguration, signal: AbortSignal | undefined): Promise<CollectedInputs> {
    return collectBuildInputs({
      folder: this.workspace.folder,
      build,
      imageIdOf: (reference) => this.imageIdOf(reference, signal),
      signal,
    });
  }

  private async decide(
    { fingerprint, inputs }: CollectedInputs,
    options: ResolveOptions,
    signal: AbortSignal | undefined,
  ): Promise<ImageDecision> {
    const reference = imageReference(this.workspace, fingerprint);
    const image = await this.engine.inspectImage(reference, { signal });
    // A tag can be moved by hand; the label cannot.
    const found = image?.labels[LABEL.fingerprint] === fingerprint ? image : undefined;
    const previous = found === undefined ? await this.manifests.latest() : undefined;
    return {
      ...decideImage({ fingerprint, inputs, found: found !== undefined, previous, ...options }),
      reference,
      fingerprint,
      imageId: found?.id,
    };
  }

  private async imageIdOf(reference: string, signal: AbortSignal | undefined): Promise<string | null> {
    return (await this.engine.inspectImage(reference, { signal }))?.id ?? null;
  }

  /**
   * Makes sure that the base images are there before the fingerprint is final: an image that the builder itself pulled
   * would change it afterwards. Without cache they are pulled again; one that cannot be, but is there, is used with a
   * warning, since it may well have been made here.
   */
  private async *pullBaseImages(
    build: BuildConfiguration,
    { baseImages, dockerfileName }: CollectedInputs,
    { noCache, signal }: ResolveOptions,
  ): AsyncGenerator<BuildEvent> {
    for (const { reference, known, platform: asked, line } of baseImages) {
      if (!known) {
        continue;
      }
      const platform = asked?.kind === "known" ? asked.text : build.platform;
      const present = (await this.imageIdOf(reference, signal)) !== null;
      if (present && noCache !== true) {
        continue;
      }
      try {
        yield* this.engine.pullImage({ reference, platform, signal });
      } catch (error) {
        if (!(error instanceof ImageNotFoundError)) {
          throw error;
        }
        if (!present) {
          throw new ImageNotFoundError(reference, error.detail, { dockerfile: dockerfileName, line });
        }
        yield {
          type: "warning",
          message: `${reference} could not be pulled, the local one is used: ${messageOf(error)}`,
        };
      }
    }
  }

  private resolution(decision: ImageDecision, imageId: string, wasBuilt: boolean): ImageResolution {
    const { reference, fingerprint, reason } = decision;
    return { reference, imageId, fingerprint, wasBuilt, reason };
  }
}

/** The builder names the step; which line of the Dockerfile that is, is found by its text. */
function withLocation({ failure }: ImageBuildError, { dockerfileName, syntax }: CollectedInputs): ImageBuildError {
  const line = failure.step === undefined ? lineOf(failure.detail) : locateStep(failure.step, syntax.instructions);
  return new ImageBuildError({ ...failure, dockerfile: dockerfileName, line });
}

/** BuildKit's parser says "dockerfile parse error on line 3" or "… line 3: …". */
function lineOf(detail: string): number | undefined {
  const found = /\bparse error (?:on )?line (\d+)/.exec(detail)?.[1];
  return found === undefined ? undefined : Number(found);
}
