import { BuildOptionError, ImageBuildError } from "../../src/core/errors/imageErrors";
import type { BuildImageOptions } from "../../src/core/ports/ContainerEngine";
import type { FakeEngineOptions } from "./FakeEngineOptions";

const NETWORKS: readonly (string | undefined)[] = [undefined, "default", "none", "host"];

/** Refuses what a fake engine cannot do, as real ones do before they begin. */
export function requireFakeBuildOptions(
  { ssh = [], secrets, cacheTo = [], network }: BuildImageOptions,
  refused: FakeEngineOptions["refusesBuildOptions"] = [],
): void {
  const asked = { ssh: ssh.length > 0, secrets: (secrets?.size ?? 0) > 0, cacheTo: cacheTo.length > 0 };
  for (const option of refused) {
    if (asked[option]) {
      throw new BuildOptionError(`build.${option}`, "This fake engine", "Leave it out.");
    }
  }
  const elsewhere = cacheTo.find((entry) => entry !== "inline");
  if (elsewhere !== undefined) {
    throw new BuildOptionError("build.cacheTo", "This fake engine", `It knows "inline" only, not ${elsewhere}.`);
  }
  if (!NETWORKS.includes(network)) {
    const detail = `network mode ${JSON.stringify(network)} is not known`;
    throw new ImageBuildError({ step: undefined, exitCode: undefined, output: "", detail });
  }
}
