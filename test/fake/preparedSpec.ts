import type { PreparedSpec } from "../../src/core/container/spec/containerSpec";
import type { ContainerSpec } from "../../src/core/ports/ContainerTypes";

/** As `containerSpec` prepares it, of the image busybox. */
export function preparedSpec(spec: Partial<Omit<ContainerSpec, "name" | "command" | "entrypoint">>): PreparedSpec {
  return {
    spec: { ...{ image: "busybox", workingDirectory: undefined, env: {}, labels: {}, mounts: [], ports: [] }, ...spec },
    ...{ entrypoint: undefined, gpusOptional: false, mode: "none", execUser: undefined, files: undefined },
    runHash: JSON.stringify(spec),
    warnings: [],
  };
}
