import { ContainerStartError, GpuUnavailableError, PortInUseError } from "../../errors/containerErrors";
import type { ContainerSpec } from "../../ports/ContainerTypes";
import { findPortInUse } from "../../task/findPortInUse";

/** Docker: `could not select device driver "" with capabilities: [[gpu]]`; Podman: "unresolvable CDI devices nvidia.com/…". */
const NO_GPU = /\bdevice driver\b.*\bgpu\b|\bCDI devices?\b|\bnvidia-container-cli\b/i;

/**
 * Why a container could not be started. Engines say it in words only, each in its own: of a port it can be tried out, of
 * GPUs the words are known. Any other error is given back as it is.
 */
export async function toStartError(
  error: unknown,
  { command, ports, gpus }: Pick<ContainerSpec, "command" | "ports" | "gpus">,
): Promise<unknown> {
  if (!(error instanceof ContainerStartError)) {
    return error;
  }
  if (gpus === true && NO_GPU.test(error.detail)) {
    return new GpuUnavailableError(error.detail, { cause: error });
  }
  const taken = await findPortInUse(ports);
  return taken === undefined
    ? new ContainerStartError(command, error.detail)
    : new PortInUseError(taken.hostIp, taken.hostPort, { cause: error });
}
