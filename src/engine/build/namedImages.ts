import { DockerfileSyntaxError } from "../../core/dockerfile/DockerfileSyntaxError";
import { externalImages } from "../../core/dockerfile/externalImages";
import { listStages } from "../../core/dockerfile/listStages";
import { parseDockerfile } from "../../core/dockerfile/parseDockerfile";
import { reachableStages } from "../../core/dockerfile/reachableStages";
import { UnknownStageError } from "../../core/dockerfile/UnknownStageError";
import type { BuildImageOptions } from "../../core/ports/ContainerEngine";
import { imageRegistry } from "../credentials/imageRegistry";
import type { RegistryRepository } from "../credentials/RegistryCredentials";

export interface NamedImage {
  /** As the Dockerfile has it, variables replaced where their values are known. */
  readonly reference: string;
  readonly target: RegistryRepository;
}

/**
 * The images that a build may ask registries for: those of its stages, and its frontend. Of a name with a variable that
 * only the builder knows, the registry is known when it comes before that.
 */
export function namedImages({ context, args, target }: BuildImageOptions): readonly NamedImage[] {
  try {
    const syntax = parseDockerfile(Buffer.from(context.dockerfile.content).toString("utf8"));
    const stages = reachableStages(listStages(syntax, args), target);
    const frontend = syntax.directives.syntax;
    return [
      ...(frontend === undefined ? [] : [named(frontend)]),
      ...externalImages(stages).flatMap(({ reference, known }) => {
        const written = known ? reference : reference.replace(/\$.*$/s, "");
        return known || written.includes("/") ? [{ ...named(written), reference }] : [];
      }),
    ];
  } catch (error) {
    // What is wrong with it, the builder says.
    if (error instanceof DockerfileSyntaxError || error instanceof UnknownStageError) {
      return [];
    }
    throw error;
  }
}

function named(reference: string): NamedImage {
  return { reference, target: imageRegistry(reference) };
}
