import { createHash } from "node:crypto";
import type { WorkspaceMode } from "../../config/WorkspaceConfiguration";
import type { Mount } from "../../ports/ContainerTypes";
import type { PreparedSpec } from "./containerSpec";
import { fieldsOf } from "./preparedPorts";

/** Raised whenever the same options could mean another container than before, or are encoded in another way. */
const FORMAT_VERSION = 1;

export interface RunHashOptions {
  readonly spec: PreparedSpec["spec"];
  readonly workspaceId: string;
  readonly mode: WorkspaceMode;
  readonly gpus: "optional" | "required" | undefined;
  /** Of the authorities to trust. */
  readonly certificates: string | undefined;
}

/**
 * SHA-256, in lower-case hexadecimal, over everything that an engine is asked for but the image. What means the same to
 * engines is the same here: lists whose order is of no account are sorted, and what is left out is its default.
 */
export function runHash({ spec, workspaceId, mode, gpus, certificates }: RunHashOptions): string {
  const { resources = {}, user = { kind: "image" } } = spec;
  const fields = {
    workspaceId,
    mode,
    gpus,
    certificates,
    workingDirectory: spec.workingDirectory,
    env: sortedEntries(spec.env),
    labels: sortedEntries(spec.labels),
    mounts: spec.mounts.map(mountFields).map(encoded).toSorted(),
    ports: spec.ports.map(fieldsOf).map(encoded).toSorted(),
    user: [user.kind, ...(user.kind === "host" ? [user.uid, user.gid] : user.kind === "named" ? [user.name] : [])],
    tty: spec.tty === true,
    stdin: spec.stdin === true,
    network: spec.network,
    resources: [resources.cpus ?? null, resources.memoryBytes ?? null, resources.pids ?? null],
    // The engine can have a default of its own.
    init: spec.init,
    privileged: spec.privileged === true,
    addCapabilities: capabilities(spec.addCapabilities),
    dropCapabilities: capabilities(spec.dropCapabilities),
    securityOptions: [...new Set(spec.securityOptions)].toSorted(),
    readOnlyRoot: spec.readOnlyRoot === true,
    // Of several addresses for one name the first one counts.
    extraHosts: (spec.extraHosts ?? []).toSorted((a, b) => compare(hostOf(a), hostOf(b))),
  };
  return createHash("sha256")
    .update(`slipway run ${String(FORMAT_VERSION)}\n${encoded(fields)}`)
    .digest("hex");
}

function encoded(value: unknown): string {
  return JSON.stringify(value);
}

function sortedEntries(record: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(record).toSorted(([a], [b]) => compare(a, b));
}

/** Not by locale: the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function mountFields(mount: Mount): readonly (string | number | boolean | null)[] {
  switch (mount.kind) {
    case "bind":
      return [mount.kind, mount.target, mount.source, mount.readOnly === true, mount.relabel ?? null];
    case "volume":
      return [mount.kind, mount.target, mount.volume, mount.readOnly === true];
    case "tmpfs":
      return [mount.kind, mount.target, mount.sizeBytes ?? null];
  }
}

/** "cap_sys_ptrace" and "SYS_PTRACE" are the same to engines. */
function capabilities(names: readonly string[] | undefined): readonly string[] {
  return [...new Set((names ?? []).map((name) => name.toUpperCase().replace(/^CAP_/, "")))].toSorted();
}

function hostOf(entry: string): string {
  return entry.slice(0, entry.indexOf(":") >>> 0);
}
