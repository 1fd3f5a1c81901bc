import { messageOf } from "../../errors/ExpectedError";
import { cleanUpImages, type CleanUpOptions } from "./cleanUpImages";
import { shortName, type WorkspaceImage } from "./WorkspaceImage";

export interface AfterBuild {
  readonly removed: readonly WorkspaceImage[];
  /** For people: what could not be removed. */
  readonly warnings: readonly string[];
}

/**
 * Removes what a build has superseded, once the image is there and written down; see cleanUpImages. No failure but an
 * abort rejects: the build itself has succeeded.
 */
export async function cleanUpAfterBuild(
  options: Omit<CleanUpOptions, "dryRun" | "only" | "sparesOthers">,
): Promise<AfterBuild> {
  const removed: WorkspaceImage[] = [];
  const warnings: string[] = [];
  try {
    for await (const outcome of cleanUpImages({ ...options, sparesOthers: true })) {
      if (outcome.kind === "removed") {
        removed.push(outcome.image);
      } else if (outcome.kind === "failed") {
        warnings.push(`The superseded image ${shortName(outcome.image)} could not be removed: ${outcome.message}`);
      }
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    warnings.push(`Superseded images could not be removed: ${messageOf(error)}`);
  }
  return { removed, warnings };
}
