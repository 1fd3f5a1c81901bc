import type { ResourceConfiguration } from "../config/WorkspaceConfiguration";
import type { ImageEvent } from "../image/ImageResolution";
import type { CallOptions } from "../ports/ContainerEngine";

export interface ProvisionOptions extends CallOptions {
  /** Undefined is the provisioner's default image. */
  readonly baseImage?: string | undefined;
  /** The ID behind `baseImage`, where it is known already; else it is asked for. */
  readonly baseImageId?: string | undefined;
  readonly resources: readonly ResourceConfiguration[];
  /** Builds also where the image is there. */
  readonly forceRebuild?: boolean | undefined;
  /** Builds without the builder's cache. */
  readonly noCache?: boolean | undefined;
  /** How many superseded images stay after a build; undefined leaves all. */
  readonly keepImages?: number | undefined;
}

/** An image with resources on it. */
export interface ProvisionedImage {
  readonly reference: string;
  readonly imageId: string;
  /** SHA-256 of the base image's ID and of the resources, in lower-case hexadecimal. */
  readonly hash: string;
  /** False where it was there. */
  readonly wasBuilt: boolean;
}

/** Puts resources on images. */
export interface Provisioner {
  /**
   * Yields what the builder says, where something is built. Rejects with ResourceError when a resource is not there, cannot
   * be read or has no place in the image; with ProvisionError when the builder fails; and as the engine's calls do.
   */
  provision(options: ProvisionOptions): AsyncGenerator<ImageEvent, ProvisionedImage>;
  /**
   * Removes an image that `provision` has made, by its reference; never by force, and nothing else.
   *
   * @returns whether it was removed: false where there is none, a container uses it, or it is none of ours.
   */
  cleanup(reference: string, options?: CallOptions): Promise<boolean>;
}
