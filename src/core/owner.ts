import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

/** The process that made something. A pid alone is not enough: pids are used again. */
const ownerShape = z.object({
  host: z.string(),
  /** Linux: changes with each start of the machine. */
  boot: z.string(),
  /** Linux: pids mean something only within one namespace; containers have their own. Elsewhere "". */
  pidNamespace: z.string(),
  pid: z.int(),
  /** Linux: in clock ticks since the machine's start; elsewhere "". */
  started: z.string(),
});
export type Owner = z.infer<typeof ownerShape>;

export function currentOwner(): Owner {
  return {
    host: hostname(),
    boot: bootId(),
    pidNamespace: pidNamespace(),
    pid: process.pid,
    started: startOf(process.pid) ?? "",
  };
}

export function formatOwner(owner: Owner): string {
  return JSON.stringify(owner);
}

/** @returns undefined for a text that formatOwner did not make. */
export function parseOwner(text: string): Owner | undefined {
  try {
    return ownerShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether this very process is the owner. */
export function isOwn(owner: Owner): boolean {
  return formatOwner(owner) === formatOwner(currentOwner());
}

/**
 * "dead" only when that is certain: of processes on other machines nothing is known, and an engine can be shared by
 * several of them.
 */
export function ownerState(owner: Owner): "alive" | "dead" | "unknown" {
  if (owner.host !== hostname()) {
    return "unknown";
  }
  if (owner.boot !== bootId()) {
    return "dead";
  }
  if (owner.pidNamespace !== pidNamespace()) {
    return "unknown";
  }
  const started = startOf(owner.pid);
  if (started !== undefined) {
    return started === owner.started ? "alive" : "dead";
  }
  return processExists(owner.pid) ? "alive" : "dead";
}

function bootId(): string {
  return readProc("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
}

function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** Field 22 of /proc/PID/stat (proc(5)); the program's name before it may hold spaces and parentheses. */
function startOf(pid: number): string | undefined {
  const stat = readProc(`/proc/${String(pid)}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists, too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
