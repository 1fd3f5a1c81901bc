import { CACHE_FOLDER_REMEDY } from "../cacheFolder";
import { ExpectedError, messageOf } from "../errors/ExpectedError";
import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { ManifestStore } from "../fingerprint/ManifestStore";
import { buildWarning, type ImageEvent } from "./ImageResolution";

/**
 * Writes down what the image that is used now was made from. Only explanations rest on it, so a failure is told, and is no
 * reason to fail.
 */
export async function* rememberInputs(
  manifests: ManifestStore,
  collected: Pick<CollectedInputs, "fingerprint" | "manifest">,
  wasBuilt = false,
): AsyncGenerator<ImageEvent> {
  const { fingerprint } = collected;
  try {
    // What has this fingerprint is written down already; the time says that it is used still.
    if (wasBuilt || !(await manifests.touch(fingerprint))) {
      await manifests.save(fingerprint, await collected.manifest());
    }
  } catch (error) {
    // What is expected is about the files that were read, not about where it is written.
    const remedy = error instanceof ExpectedError ? "" : ` ${CACHE_FOLDER_REMEDY}`;
    yield buildWarning(
      `What the image was made from could not be written down (${messageOf(error)}): the next time, it may not be known ` +
        `what has changed.${remedy}`,
    );
  }
}
