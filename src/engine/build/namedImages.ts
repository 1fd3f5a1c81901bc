import type { BuildImageOptions } from "../../core/ports/ContainerEngine";
import { imageRegistry } from "../credentials/imageRegistry";
import type { RegistryRepository } from "../credentials/RegistryCredentials";

export interface NamedImage {
  /** As the Dockerfile has it, variables replaced where their values are known. */
  readonly reference: string;
  readonly target: RegistryRepository;
}

/**
 * The images of a build and the registries that have them. Of a name with a variable that only the builder knows, the
 * registry is known when it comes before that.
 */
export function namedImages(images: BuildImageOptions["images"] = []): readonly NamedImage[] {
  return images.flatMap(({ reference, known }) => {
    const written = known ? reference : reference.replace(/\$.*$/s, "");
    return known || written.includes("/") ? [{ reference, target: imageRegistry(written) }] : [];
  });
}
