import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { externalImages } from "../dockerfile/externalImages";
import type { Stage } from "../dockerfile/Stage";
import type { SettingInput } from "./BuildInput";
import type { ImageLookup, LocalImage } from "./LocalImage";

/** An image that the build starts from or copies from. */
export interface BaseImage {
  readonly reference: string;
  /** False if only the build can tell which image the reference stands for. */
  readonly known: boolean;
  /** Where the Dockerfile asks for it first, from 1. */
  readonly line: number;
  /** Undefined takes the engine's own. */
  readonly platform: string | undefined;
}

/** What the engine has under the names of base images, by reference. */
export type LocalImages = ReadonlyMap<string, LocalImage | null>;

/** Each reference once: the engine has one image for it, whatever the platforms that it is asked for. */
export function baseImagesOf(
  stages: readonly Stage[],
  build: BuildConfiguration,
  triggered: readonly string[],
): readonly BaseImage[] {
  const images = externalImages(stages, triggered).map(({ reference, known, line, platform }) => ({
    reference,
    known,
    line,
    platform: platform?.kind === "known" ? platform.text : build.platform,
  }));
  return [...new Map(images.toReversed().map((image) => [image.reference, image])).values()].toReversed();
}

export async function lookUp(images: readonly BaseImage[], imageOf: ImageLookup): Promise<LocalImages> {
  return new Map(
    await Promise.all(
      images.map(
        async ({ reference, known, platform }) =>
          [reference, known ? await imageOf(reference, platform) : null] as const,
      ),
    ),
  );
}

export function baseImageInputs(images: LocalImages): readonly SettingInput[] {
  return [...images].map(([reference, image]) => ({ kind: "base-image", reference, imageId: image?.id ?? null }));
}
