import type { ResolveOptions } from "../image/ImageBuilder";
import type { ImageEvent, ImageResolution } from "../image/ImageResolution";
import { LayerProvisioner } from "../provision/LayerProvisioner";
import { workspaceOf } from "../Workspace";
import { locksOf, type ImageOfOptions } from "./resolveImage";

/** The image with the workspace's resources on it, found or built. */
export async function* provisionImage(
  options: ImageOfOptions & ResolveOptions,
  { reference, imageId }: Pick<ImageResolution, "reference" | "imageId">,
): AsyncGenerator<ImageEvent, Pick<ImageResolution, "reference" | "imageId">> {
  const { engine, configuration, cacheFolder, force, noCache, keepImages, signal } = options;
  const { resources = [] } = configuration;
  const provisioner = new LayerProvisioner({
    ...{ engine, workspace: workspaceOf(configuration.folder), locks: locksOf(cacheFolder), cacheFolder },
  });
  return yield* provisioner.provision({
    ...{ baseImage: reference, baseImageId: imageId, resources, forceRebuild: force, noCache, keepImages, signal },
  });
}
