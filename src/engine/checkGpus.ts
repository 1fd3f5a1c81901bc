import { GpuUnavailableError } from "../core/errors/containerErrors";
import type { EngineInfo } from "../core/ports/EngineInfo";
import { compareVersions } from "./compareVersions";

/** The first Podman whose Docker API gives containers devices by their CDI names; older ones leave them out unsaid. */
const PODMAN_WITH_GPUS = "5.4";

/** Refuses GPUs where the engine would make a container without. Throws GpuUnavailableError. */
export function checkGpus({ kind, version }: Pick<EngineInfo, "kind" | "version">): void {
  if (kind === "podman" && compareVersions(version, PODMAN_WITH_GPUS) < 0) {
    throw new GpuUnavailableError(`Podman ${version} takes no GPUs over its API; ${PODMAN_WITH_GPUS} and later do.`);
  }
}
