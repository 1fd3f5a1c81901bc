import { BuildOptionError } from "../../core/errors/imageErrors";
import type { EngineInfo } from "../../core/ports/EngineInfo";
import { variable } from "../discovery/EndpointEnvironment";
import type { BuildEnvironment } from "./BuildEnvironment";

/** Who builds: Docker's BuildKit, the builder that Docker had before it, or Podman's. */
export type Builder = "buildkit" | "classic" | "buildah";

/** For messages. */
export const BUILDER_NAMES: Readonly<Record<Builder, string>> = {
  buildkit: "Docker",
  classic: "Docker's classic builder",
  buildah: "Podman",
};

// What Go's strconv.ParseBool takes, by which the docker CLI reads the variable.
const TRUE: ReadonlySet<string> = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE: ReadonlySet<string> = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/**
 * As the docker CLI chooses: by DOCKER_BUILDKIT, else BuildKit but for Windows containers. Throws BuildOptionError where the
 * variable has another value than the docker CLI takes.
 */
export function chooseBuilder(
  { kind, platform }: Pick<EngineInfo, "kind" | "platform">,
  environment: Pick<BuildEnvironment, "env">,
): Builder {
  if (kind === "podman") {
    return "buildah";
  }
  const wish = variable(environment, "DOCKER_BUILDKIT");
  if (wish === undefined) {
    return platform.startsWith("windows/") ? "classic" : "buildkit";
  }
  if (TRUE.has(wish)) {
    return "buildkit";
  }
  if (FALSE.has(wish)) {
    return "classic";
  }
  throw new BuildOptionError(
    "DOCKER_BUILDKIT",
    BUILDER_NAMES.buildkit,
    `It is ${JSON.stringify(wish)}: set it to 1 for BuildKit, to 0 for the classic builder, or not at all.`,
  );
}
