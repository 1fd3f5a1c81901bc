import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { ImageOfBuild } from "../ports/ContainerEngine";

/** The images that the builder may ask registries for: those of its stages, and its frontend. */
export function imagesOfBuild({ baseImages, syntax }: CollectedInputs): readonly ImageOfBuild[] {
  const frontend = syntax.directives.syntax;
  return [...(frontend === undefined ? [] : [{ reference: frontend, known: true }]), ...baseImages];
}
