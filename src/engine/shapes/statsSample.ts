import { z } from "zod";

const count = z.number().nullish();

const shape = z.object({
  read: z.string(),
  pids_stats: z.object({ current: count }).nullish(),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: count }).nullish() }).nullish(),
  memory_stats: z.object({ usage: count, limit: count, stats: z.record(z.string(), z.number()).nullish() }).nullish(),
  networks: z.record(z.string(), z.object({ rx_bytes: count, tx_bytes: count })).nullish(),
});

/** One answer of GET /containers/{id}/stats, as the engine has counted; undefined is what it does not know. */
export interface StatsSample {
  /** Milliseconds since 1970, with a fraction. */
  readonly time: number;
  /** Of all CPUs together, since the start. */
  readonly cpuNanoseconds: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly memoryLimitBytes: number | undefined;
  readonly pids: number | undefined;
  readonly networkReceivedBytes: number | undefined;
  readonly networkSentBytes: number | undefined;
}

/**
 * @returns undefined for what is no sample: Docker goes on with zeros when a container does not run, Podman answers 200
 * with an error.
 */
export function parseStatsSample(value: unknown): StatsSample | undefined {
  const parsed = shape.safeParse(value);
  if (!parsed.success || parsed.data.read.startsWith("0001-01-01")) {
    return undefined;
  }
  const { read, pids_stats, cpu_stats, memory_stats, networks } = parsed.data;
  // Rootless Podman on cgroups version 1 tells zero, and the whole machine's memory: the container has no cgroup of its
  // own. A program that runs has always used some time.
  const cpuNanoseconds = positive(cpu_stats?.cpu_usage?.total_usage);
  const interfaces = networks === null || networks === undefined ? undefined : Object.values(networks);
  return {
    time: timeOf(read),
    cpuNanoseconds,
    memoryBytes: cpuNanoseconds === undefined ? undefined : usedMemory(memory_stats),
    memoryLimitBytes: positive(memory_stats?.limit),
    pids: positive(pids_stats?.current),
    networkReceivedBytes: interfaces?.reduce((sum, { rx_bytes }) => sum + (rx_bytes ?? 0), 0),
    networkSentBytes: interfaces?.reduce((sum, { tx_bytes }) => sum + (tx_bytes ?? 0), 0),
  };
}

function positive(value: number | null | undefined): number | undefined {
  return value === null || value === undefined || value <= 0 ? undefined : value;
}

/**
 * As `docker stats` has it (docker/cli, calculateMemUsageUnixNoCache): without the part of the page cache that is not in
 * use, which cgroups version 1 tell for the whole tree and version 2 by another name. Podman tells the sum only.
 */
function usedMemory(memory: z.infer<typeof shape>["memory_stats"]): number | undefined {
  const usage = positive(memory?.usage);
  const cache = memory?.stats?.["total_inactive_file"] ?? memory?.stats?.["inactive_file"] ?? 0;
  return usage === undefined ? undefined : usage - (cache < usage ? cache : 0);
}

/** JavaScript's dates end at milliseconds, which is too coarse to divide by. */
function timeOf(text: string): number {
  const [, fraction = "0"] = /\.(\d+)/.exec(text) ?? [];
  return Date.parse(text.replace(/\.\d+/, "")) + Number(`0.${fraction}`) * 1000;
}
