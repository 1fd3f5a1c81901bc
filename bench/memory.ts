import { readFileSync, writeFileSync } from "node:fs";

const BYTES_PER_MB = 1024 * 1024;
/** Linux: proc(5), clear_refs. */
const RESET_PEAK = "5";

/** The most memory that a process has had so far, in MB; 0 where the system does not tell. */
export function peakMemory(pid: number | "self" | undefined): number {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * From now on, what this process takes more than now.
 *
 * @returns what gives the most so far, in MB; undefined where the system cannot begin anew with its peak.
 */
export function watchGrowth(): () => number | undefined {
  try {
    writeFileSync("/proc/self/clear_refs", RESET_PEAK);
  } catch {
    return () => undefined;
  }
  const before = process.memoryUsage.rss() / BYTES_PER_MB;
  return () => Math.max(0, peakMemory("self") - before);
}
