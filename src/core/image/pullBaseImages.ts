import { EngineRequestError } from "../errors/engineErrors";
import { ImageNotFoundError, ImagePullError, RegistryAuthError } from "../errors/imageErrors";
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
      // The last one is what comes of a registry that cannot be reached.
      const isRefusal =
        error instanceof ImageNotFoundError ||
        error instanceof RegistryAuthError ||
        error instanceof EngineRequestError;
      if (!isRefusal) {
        throw error;
      }
      if (!present) {
        throw located(error, { reference, dockerfile: dockerfileName, line });
      }
      yield { type: "warning", message: `${reference} could not be pulled, the local one is used: ${error.detail}` };
    }
  }
}

/** The same failure, with the line of the Dockerfile that asks for the image. */
function located(
  error: ImageNotFoundError | RegistryAuthError | EngineRequestError,
  { reference, ...location }: { readonly reference: string; readonly dockerfile: string; readonly line: number },
): Error {
  if (error instanceof RegistryAuthError) {
    return new RegistryAuthError(reference, error.registry, error.detail, location);
  }
  return error instanceof ImageNotFoundError
    ? new ImageNotFoundError(reference, error.detail, location)
    : new ImagePullError(reference, error.detail, { location, cause: error });
}
