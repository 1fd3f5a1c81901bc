import type { PullPolicy } from "../config/WorkspaceConfiguration";
import { EngineRequestError } from "../errors/engineErrors";
import { ImageNotFoundError, ImagePullError, PullForbiddenError, RegistryAuthError } from "../errors/imageErrors";
import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { BuildEvent } from "../ports/BuildEvent";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { localImageId } from "./localImageId";

export interface PullOptions extends CallOptions {
  readonly policy: PullPolicy;
}

/**
 * Makes sure that the base images are there before the fingerprint is final: an image that the builder itself pulled
 * would change it afterwards. With "always", one that cannot be pulled but is there is used with a warning, since it may
 * well have been made here. With "never", one that is not there rejects with PullForbiddenError.
 */
export async function* pullBaseImages(
  engine: ContainerEngine,
  { baseImages, dockerfileName }: CollectedInputs,
  { policy, signal }: PullOptions,
): AsyncGenerator<BuildEvent> {
  for (const { reference, known, platform, line } of baseImages) {
    const present = known && (await localImageId(engine, signal)(reference, platform)) !== null;
    if (!known || (present && policy !== "always")) {
      continue;
    }
    const location = { dockerfile: dockerfileName, line };
    if (policy === "never") {
      throw new PullForbiddenError(reference, location);
    }
    try {
      yield* engine.pullImage({ reference, platform, signal });
    } catch (error) {
      if (!isRefusal(error)) {
        throw error;
      }
      if (!present) {
        throw located(error, reference, location);
      }
      yield { type: "warning", message: `${reference} could not be pulled, the local one is used: ${error.detail}` };
    }
  }
}

type Refusal = ImageNotFoundError | RegistryAuthError | EngineRequestError;

/** Whether it is about this image and its registry. The last one is what comes of a registry that cannot be reached. */
export function isRefusal(error: unknown): error is Refusal {
  return (
    error instanceof ImageNotFoundError || error instanceof RegistryAuthError || error instanceof EngineRequestError
  );
}

/** The same failure, with the line of the Dockerfile that asks for the image. */
function located(
  error: Refusal,
  reference: string,
  location: { readonly dockerfile: string; readonly line: number },
): Error {
  if (error instanceof RegistryAuthError) {
    return new RegistryAuthError(reference, error.registry, error.detail, location);
  }
  return error instanceof ImageNotFoundError
    ? new ImageNotFoundError(reference, error.detail, location)
    : new ImagePullError(reference, error.detail, { location, cause: error });
}
