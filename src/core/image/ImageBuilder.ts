import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { messageOf } from "../errors/ExpectedError";
import { ContextChangedError, ImageNotFoundError } from "../errors/imageErrors";
import { collectBuildInputs, withCurrentBaseImages, type CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { ManifestStore } from "../fingerprint/ManifestStore";
import { MOST_ATTEMPTS, startOver } from "../fingerprint/startOver";
import { imageLabels, LABEL } from "../labels";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import type { BuildEvent } from "../ports/BuildEvent";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { EventRedactor } from "../redact/EventRedactor";
import { MachineKey } from "../redact/MachineKey";
import { redactError } from "../redact/redactError";
import { imageReference, type Workspace } from "../Workspace";
import { decideImage, type DecideOptions } from "./decideImage";
import { localImageId } from "./localImageId";
import { imagesOfBuild } from "./imagesOfBuild";
import { prepareBuild, redactorOf } from "./prepareBuild";
import { pullBaseImages } from "./pullBaseImages";
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
  readonly network?: NetworkSettings | undefined;
  /** Without it, images that depend on a secret in a build argument are fresh for this process only. */
  readonly machineKey?: MachineKey | undefined;
}

/** Decides whether the workspace's image must be built, builds it if so, and says why. */
export class ImageBuilder {
  private readonly engine: ContainerEngine;
  private readonly workspace: Workspace;
  private readonly manifests: ManifestStore;
  private readonly network: NetworkSettings;
  private readonly machineKey: MachineKey;

  constructor(options: ImageBuilderOptions) {
    const { engine, workspace, manifests, network = NO_NETWORK_SETTINGS } = options;
    this.machineKey = options.machineKey ?? new MachineKey(undefined);
    this.engine = engine;
    this.workspace = workspace;
    this.manifests = manifests;
    this.network = network;
  }

  /** Looks only: nothing is pulled or built. */
  async check(build: BuildConfiguration, { signal }: CallOptions = {}): Promise<ImageDecision> {
    return startOver(async () => this.decide(await this.collect(build, signal), {}, signal));
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
        yield warning(`${error.path} changed meanwhile: starting over`);
      }
    }
  }

  private async *resolveOnce(
    build: BuildConfiguration,
    options: ResolveOptions,
  ): AsyncGenerator<ImageEvent, ImageResolution> {
    const { signal } = options;
    const { machineKey } = this;
    const asked = options.force === true || options.noCache === true;
    const started = performance.now();
    const collected = await this.collect(build, signal);
    if (machineKey.problem !== undefined) {
      yield warning(machineKey.problem);
    }
    const decision = await this.decide(collected, options, signal);
    const willBuild = decision.state !== "fresh" || asked;
    yield { type: "decision", decision, willBuild, durationMs: performance.now() - started };
    if (!willBuild && decision.imageId !== undefined) {
      yield* this.remember(collected);
      return resolutionOf(decision, decision.imageId, false);
    }
    yield* this.pull(collected, options);
    const current = await withCurrentBaseImages(collected, localImageId(this.engine, signal));
    if (current.fingerprint !== collected.fingerprint && !asked) {
      // A base image that had gone and is back may be all that was missing.
      const again = await this.decide(current, options, signal);
      if (again.state === "fresh" && again.imageId !== undefined) {
        yield { type: "decision", decision: again, willBuild: false, durationMs: performance.now() - started };
        yield* this.remember(current);
        return resolutionOf(again, again.imageId, false);
      }
    }
    const imageId = yield* this.build(build, current, options);
    yield* this.remember(current);
    const reference = imageReference(this.workspace, current.fingerprint);
    return resolutionOf({ ...decision, reference, fingerprint: current.fingerprint }, imageId, true);
  }

  private async *pull(collected: CollectedInputs, options: ResolveOptions): AsyncGenerator<ImageEvent> {
    const redactor = redactorOf(collected);
    const events = new EventRedactor(redactor);
    try {
      for await (const event of pullBaseImages(this.engine, collected, options)) {
        yield* events.redact(event).map(buildEvent);
      }
    } catch (error) {
      throw redactError(error, redactor);
    }
  }

  /** Builds under the fingerprint's name. @returns the image's ID. */
  private async *build(
    build: BuildConfiguration,
    collected: CollectedInputs,
    { noCache, signal }: ResolveOptions,
  ): AsyncGenerator<ImageEvent, string> {
    const tag = imageReference(this.workspace, collected.fingerprint);
    const replaced = await this.engine.inspectImage(tag, { signal });
    const prepared = await prepareBuild({ collected, engine: this.engine, signal });
    yield* prepared.warnings.map(warning);
    try {
      for await (const event of this.engine.buildImage({
        context: prepared.context,
        images: imagesOfBuild(collected),
        secrets: prepared.secrets,
        tags: [tag],
        labels: imageLabels(this.workspace, collected.fingerprint),
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
    const image = await this.engine.inspectImage(tag);
    if (image === undefined) {
      throw new ImageNotFoundError(tag, "it was built, but is not there any more");
    }
    const after = await withCurrentBaseImages(collected, localImageId(this.engine, undefined));
    const moved = movedBaseImage(collected, after);
    if (moved !== undefined) {
      // Nobody can tell which of the two the builder has used.
      await this.engine.removeImage(tag);
      throw new ContextChangedError(`The base image ${moved}`, "");
    }
    if (replaced !== undefined && replaced.id !== image.id) {
      yield* this.removeNameless(replaced.id, signal);
    }
    return image.id;
  }

  /** The image that a rebuild has taken the name from, unless somebody has given it another one. */
  private async *removeNameless(imageId: string, signal: AbortSignal | undefined): AsyncGenerator<ImageEvent> {
    try {
      const image = await this.engine.inspectImage(imageId, { signal });
      const nameless = image?.references.length === 0 && image.labels[LABEL.kind] === "build";
      if (nameless) {
        await this.engine.removeImage(imageId, { signal });
      }
    } catch (error) {
      signal?.throwIfAborted();
      yield warning(`The image ${imageId} that was replaced could not be removed: ${messageOf(error)}`);
    }
  }

  /** Only explanations rest on what is remembered, so a failure is no reason to fail. */
  private async *remember({ fingerprint, inputs }: CollectedInputs): AsyncGenerator<ImageEvent> {
    try {
      await this.manifests.save(fingerprint, inputs);
    } catch (error) {
      yield warning(`What the image was made from could not be written down: ${messageOf(error)}`);
    }
  }

  private async collect(build: BuildConfiguration, signal: AbortSignal | undefined): Promise<CollectedInputs> {
    return collectBuildInputs({
      folder: this.workspace.folder,
      build,
      engine: await this.engine.info({ signal }),
      imageIdOf: localImageId(this.engine, signal),
      network: this.network,
      machineKey: this.machineKey,
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
    // A tag can be moved to any image by hand; one that was made from other inputs does not carry this label.
    const found = image?.labels[LABEL.fingerprint] === fingerprint ? image : undefined;
    const previous = found === undefined ? await this.previousImage(signal) : undefined;
    return {
      ...decideImage({ fingerprint, inputs, found: found !== undefined, previous, ...options }),
      reference,
      fingerprint,
      imageId: found?.id,
    };
  }

  private async previousImage(signal: AbortSignal | undefined): Promise<DecideOptions["previous"]> {
    const previous = await this.manifests.latest();
    if (previous === undefined) {
      return undefined;
    }
    const image = await this.engine.inspectImage(imageReference(this.workspace, previous.fingerprint), { signal });
    return { ...previous, stillThere: image !== undefined };
  }
}

function warning(message: string): ImageEvent {
  return buildEvent({ type: "warning", message });
}

function buildEvent(event: BuildEvent): ImageEvent {
  return { type: "build", event };
}

function resolutionOf(decision: ImageDecision, imageId: string, wasBuilt: boolean): ImageResolution {
  const { reference, fingerprint, reason } = decision;
  return { reference, imageId, fingerprint, wasBuilt, reason };
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
