import { ImageNotFoundError, RegistryAuthError } from "../errors";
import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { BuildEvent } from "../ports/BuildEvent";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { localImageId } from "./localImageId";

/**
 * Makes sure that the base images are there before the fingerprint is final: an image that the builder itself pulled
 * would change it afterwards. Without cache they are pulled again; one that cannot be, but is there, is used with a
 * warning, since it may well have been made here.
 */
export async function* pullBaseImages(
  engine: ContainerEngine,
  { baseImages, dockerfileName }: CollectedInputs,
  { noCache, signal }: CallOptions & { readonly noCache?: boolean | undefined },
): AsyncGenerator<BuildEvent> {
  for (const { reference, known, platform, line } of baseImages) {
    const present = known && (await localImageId(engine, signal)(reference, platform)) !== null;
    if (!known || (present && noCache !== true)) {
      continue;
    }
    try {
      yield* engine.pullImage({ reference, platform, signal });
    } catch (error) {
      if (!(error instanceof ImageNotFoundError || error instanceof RegistryAuthError)) {
        throw error;
      }
      if (!present) {
        const location = { dockerfile: dockerfileName, line };
        throw error instanceof RegistryAuthError
          ? new RegistryAuthError(reference, error.registry, error.detail, location)
          : new ImageNotFoundError(reference, error.detail, location);
      }
      yield { type: "warning", message: `${reference} could not be pulled, the local one is used: ${error.detail}` };
    }
  }
}
