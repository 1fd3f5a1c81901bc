import { parseDockerfile } from "../dockerfile/parseDockerfile";
import { sourceNames } from "../dockerfile/stageSources";
import type { Stage } from "../dockerfile/Stage";
import type { LocalImages } from "./baseImages";

/**
 * What the ONBUILD instructions of the stages' base images copy from or mount: names of stages, or of images, which the
 * build needs though its Dockerfile does not say so (BuildKit's initOnBuildTriggers). Each once, in order.
 */
export function triggerSources(stages: readonly Stage[], images: LocalImages): readonly string[] {
  const triggers = stages.flatMap(({ base }) =>
    base.kind === "image" ? (images.get(base.reference)?.onBuild ?? []) : [],
  );
  return [...new Set(triggers.flatMap(namesIn))].sort();
}

/** Nothing if it cannot be understood; then selectContext takes everything. */
function namesIn(trigger: string): readonly string[] {
  try {
    return parseDockerfile(trigger).instructions.flatMap(sourceNames);
  } catch {
    return [];
  }
}
