import type { Dockerfile } from "../dockerfile/Dockerfile";
import { listStages } from "../dockerfile/listStages";
import { reachableStages } from "../dockerfile/reachableStages";
import type { Stage } from "../dockerfile/Stage";
import { UnknownStageError } from "../dockerfile/UnknownStageError";
import { DockerfileError } from "../errors/imageErrors";
import { asDockerfileError } from "./readDockerfile";

export interface BuiltStagesOptions {
  readonly syntax: Dockerfile;
  /** The Dockerfile's path as messages name it. */
  readonly dockerfileName: string;
  /** Undefined is the last stage. */
  readonly target: string | undefined;
  /** The build arguments, those of the platform included. */
  readonly args: Readonly<Record<string, string>>;
  /** What the ONBUILD instructions of base images copy from; see triggerSources. */
  readonly triggered: readonly string[];
}

/** All stages of a Dockerfile, and those that have a part in the target. Throws DockerfileError. */
export function builtStages({ syntax, dockerfileName, target, args, triggered }: BuiltStagesOptions): {
  readonly all: readonly Stage[];
  readonly built: readonly Stage[];
} {
  try {
    const all = asDockerfileError(dockerfileName, () => listStages(syntax, args));
    return { all, built: reachableStages(all, target, triggered) };
  } catch (error) {
    if (error instanceof UnknownStageError) {
      const stages =
        error.available.length === 0 ? "its stages have no names" : `its stages are: ${error.available.join(", ")}`;
      throw new DockerfileError(
        "unknown-target",
        dockerfileName,
        `there is no stage "${error.target}" to build; ${stages}. Correct the target (build.target in slipway.json, or --target).`,
        undefined,
        { cause: error },
      );
    }
    throw error;
  }
}
