import type { BaseImageConfig } from "./selection/selectContext";

/** What an engine has under the name of a base image. */
export interface LocalImage extends BaseImageConfig {
  /** "sha256:…" */
  readonly id: string;
}

/** The local image for a platform (the engine's own where undefined), or null when there is none. */
export type ImageLookup = (reference: string, platform: string | undefined) => Promise<LocalImage | null>;
