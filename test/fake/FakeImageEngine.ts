import { ImageNotFoundError, RegistryAuthError } from "../../src/core/errors/imageErrors";
import { isImageReference } from "../../src/core/image/isImageReference";
import type { BuildEvent } from "../../src/core/ports/BuildEvent";
import type {
  BuildImageOptions,
  CallOptions,
  PullImageOptions,
  PushImageOptions,
} from "../../src/core/ports/ContainerEngine";
import type { ImageDetails, ImageSummary, Labels } from "../../src/core/ports/ContainerTypes";
import type { EngineInfo } from "../../src/core/ports/EngineInfo";
import { buildFakeImage } from "./buildFakeImage";
import { requireFakeBuildOptions } from "./requireFakeBuildOptions";
import { FakeEngineState } from "./FakeEngineState";
import { FAKE_PLATFORM, newFakeImage, type FakeImage } from "./FakeImage";

/** The part of a fake engine that has to do with images. */
export abstract class FakeImageEngine extends FakeEngineState {
  /** What was pushed, by its reference. */
  private readonly pushed = new Map<string, FakeImage>();

  async info(options: CallOptions = {}): Promise<EngineInfo> {
    await this.enter("info", options);
    return { kind: "docker", version: "0.0.0-fake", apiVersion: "1.41", platform: FAKE_PLATFORM, rootless: false };
  }

  async inspectImage(reference: string, options: CallOptions = {}): Promise<ImageDetails | undefined> {
    await this.enter("inspectImage", options);
    const image = this.images.find(reference);
    return image === undefined ? undefined : this.images.details(image);
  }

  async listImages(options: CallOptions & { readonly labels: Labels }): Promise<readonly ImageSummary[]> {
    await this.enter("listImages", options);
    return this.images.list(options.labels);
  }

  async *pullImage(options: PullImageOptions): AsyncGenerator<BuildEvent> {
    await this.enter("pullImage", options);
    const { reference, platform } = options;
    yield { type: "progress", message: `Pulling ${reference}` };
    this.requireLogin(reference);
    const pushed = this.pushed.get(reference);
    if (pushed === undefined && this.options.registry?.includes(reference) !== true) {
      throw new ImageNotFoundError(reference, "no registry has it");
    }
    this.images.add(pushed ?? newFakeImage({ platform, id: this.pulledId }), [reference]);
  }

  async *pushImage(options: PushImageOptions): AsyncGenerator<BuildEvent> {
    await this.enter("pushImage", options);
    const { reference } = options;
    const image = this.requireImage(reference);
    yield { type: "progress", message: `Pushing ${reference}` };
    this.requireLogin(reference);
    this.pushed.set(reference, image);
  }

  async tagImage(reference: string, name: string, options: CallOptions = {}): Promise<void> {
    await this.enter("tagImage", options);
    const { id } = this.requireImage(reference);
    this.requireName(isImageReference(name), name);
    this.images.tag(id, name);
  }

  async removeImage(reference: string, options: CallOptions = {}): Promise<"removed" | "not-found" | "in-use"> {
    await this.enter("removeImage", options);
    return this.images.remove(reference, (id) => [...this.containers.values()].some(({ imageId }) => imageId === id));
  }

  async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
    this.builds.push(options);
    await this.enter("buildImage", options);
    requireFakeBuildOptions(options, this.options.refusesBuildOptions);
    const image = yield* buildFakeImage(options, {
      findImage: (reference) => this.images.find(reference),
      findProgram: (argv) => this.findProgram(argv),
    });
    this.images.add(image, options.tags);
    yield { type: "image", imageId: image.id };
  }

  protected requireImage(reference: string): FakeImage {
    const image = this.images.find(reference);
    if (image === undefined) {
      throw new ImageNotFoundError(reference, "no such image");
    }
    return image;
  }

  private requireLogin(reference: string): void {
    const [registry = ""] = reference.split("/");
    if (this.options.closedRegistries?.includes(registry) === true) {
      throw new RegistryAuthError(reference, registry, "unauthorized");
    }
  }
}
