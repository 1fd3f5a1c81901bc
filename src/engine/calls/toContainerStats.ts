import type { ContainerStats } from "../../core/ports/ContainerTypes";
import type { EngineInfo } from "../../core/ports/EngineInfo";
import { compareVersions } from "../compareVersions";
import type { StatsSample } from "../shapes/statsSample";

/**
 * Two moments of a container's counters as what the port tells. The CPU's share is the time that it was used divided by
 * the time that has passed. `docker stats` divides by the time of all CPUs as the kernel counts it, in steps of 10 ms, and
 * multiplies by their number, which is the same but less exact; on Podman that counter (system_cpu_usage) means something
 * else, and its own percentages are of moments that lie a thousandth of a second apart.
 */
export function toContainerStats(
  sample: StatsSample,
  previous: StatsSample | undefined,
  engine: Pick<EngineInfo, "kind" | "version">,
): ContainerStats {
  const { time, memoryBytes, memoryLimitBytes, pids, networkReceivedBytes, networkSentBytes } = sample;
  const swapped = swapsNetwork(engine);
  return {
    time: Math.round(time),
    cpuPercent: cpuPercent(sample, previous),
    memoryBytes,
    memoryLimitBytes,
    pids,
    networkReceivedBytes: swapped ? networkSentBytes : networkReceivedBytes,
    networkSentBytes: swapped ? networkReceivedBytes : networkSentBytes,
  };
}

function cpuPercent(sample: StatsSample, previous: StatsSample | undefined): number | undefined {
  if (sample.cpuNanoseconds === undefined || previous?.cpuNanoseconds === undefined) {
    return undefined;
  }
  const used = sample.cpuNanoseconds - previous.cpuNanoseconds;
  const passed = (sample.time - previous.time) * 1e6;
  // It begins again at zero when the container is started anew.
  return used < 0 || passed <= 0 ? undefined : (used / passed) * 100;
}

/** Podman before 4.4 counts from outside (containers/podman#16618, fixed by #16628). */
function swapsNetwork({ kind, version }: Pick<EngineInfo, "kind" | "version">): boolean {
  return kind === "podman" && compareVersions(version, "4.4") < 0;
}
