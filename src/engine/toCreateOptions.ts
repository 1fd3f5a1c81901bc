import type Docker from "dockerode";
import type { ContainerSpec, ContainerUser, Mount, Resources } from "../core/ports/ContainerTypes";
import type { EngineKind } from "../core/ports/EngineInfo";

/** What of the engine matters for how a container is asked for. */
export interface CreationContext {
  readonly kind: EngineKind;
  readonly rootless: boolean;
  /** The uid under which a rootless engine runs, where it is known. */
  readonly engineUid?: number | undefined;
}

/** A container as POST /containers/create wants it. */
export function toCreateOptions(spec: ContainerSpec, context: CreationContext): Docker.ContainerCreateOptions {
  const { image, name, workingDirectory, env, labels, tty, stdin, ports } = spec;
  const user = userOptions(spec.user ?? { kind: "image" }, context);
  return {
    Image: image,
    name,
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    Labels: { ...labels },
    ...programOptions(spec),
    ...(workingDirectory === undefined ? {} : { WorkingDir: workingDirectory }),
    ...(user.name === undefined ? {} : { User: user.name }),
    ...(tty === true ? { Tty: true } : {}),
    ...(spec.noHealthcheck === true ? { Healthcheck: { Test: ["NONE"] } } : {}),
    // With StdinOnce, the program reads an end of file once whoever has attached says so, or is gone.
    ...(stdin === true ? { OpenStdin: true, StdinOnce: true, AttachStdin: true } : {}),
    ExposedPorts: Object.fromEntries(
      ports.map(({ containerPort, protocol }) => [`${String(containerPort)}/${protocol}`, {}]),
    ),
    HostConfig: {
      ...hostOptions(spec, context),
      ...(user.usernsMode === undefined ? {} : { UsernsMode: user.usernsMode }),
    },
  };
}

/** The command's program is the entrypoint, so that the image's own does not stand before it. */
function programOptions({ command, entrypoint }: ContainerSpec): Docker.ContainerCreateOptions {
  if (entrypoint !== undefined) {
    return { Entrypoint: [...entrypoint], ...(command === undefined ? {} : { Cmd: [...command] }) };
  }
  const [program, ...parameters] = command ?? [];
  return program === undefined ? {} : { Entrypoint: [program], Cmd: parameters };
}

/**
 * "host" is whoever files in a bind mount are to belong to. On a rootless engine root in a container is the engine's own
 * user outside, and everybody else is one of that user's subordinates. Only Podman can also leave a user as it is
 * ("keep-id"), and only the one that it runs as.
 */
function userOptions(
  user: ContainerUser,
  { kind, rootless, engineUid }: CreationContext,
): { readonly name?: string; readonly usernsMode?: string } {
  switch (user.kind) {
    case "image":
      return {};
    case "named":
      return { name: user.name };
    case "host": {
      const name = `${String(user.uid)}:${String(user.gid)}`;
      if (!rootless) {
        return { name };
      }
      return kind === "podman" && engineUid === user.uid ? { name, usernsMode: "keep-id" } : { name: "0:0" };
    }
  }
}

function hostOptions(spec: ContainerSpec, { kind }: CreationContext): Docker.HostConfig {
  const { mounts, network, resources = {}, init, gpus, privileged, readOnlyRoot } = spec;
  const { addCapabilities, dropCapabilities, securityOptions, extraHosts } = spec;
  return {
    ...mountOptions(mounts),
    ...resourceOptions(resources),
    PortBindings: portBindings(spec),
    ...(network === undefined ? {} : { NetworkMode: network }),
    ...(init === undefined ? {} : { Init: init }),
    ...(gpus === true ? { DeviceRequests: [gpuRequest(kind)] } : {}),
    ...(privileged === undefined ? {} : { Privileged: privileged }),
    ...(readOnlyRoot === undefined ? {} : { ReadonlyRootfs: readOnlyRoot }),
    ...(addCapabilities === undefined ? {} : { CapAdd: [...addCapabilities] }),
    ...(dropCapabilities === undefined ? {} : { CapDrop: [...dropCapabilities] }),
    ...(securityOptions === undefined ? {} : { SecurityOpt: [...securityOptions] }),
    ...(extraHosts === undefined ? {} : { ExtraHosts: [...extraHosts] }),
  };
}

function resourceOptions({ cpus, memoryBytes, pids }: Resources): Docker.HostConfig {
  return {
    ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
    ...(memoryBytes === undefined ? {} : { Memory: memoryBytes }),
    ...(pids === undefined ? {} : { PidsLimit: pids }),
  };
}

/** Docker's own request; Podman knows devices by their names in the Container Device Interface only. */
function gpuRequest(kind: EngineKind): Docker.DeviceRequest {
  switch (kind) {
    case "docker":
      return { Count: -1, Capabilities: [["gpu"]] };
    case "podman":
      return { Driver: "cdi", DeviceIDs: ["nvidia.com/gpu=all"] };
  }
}

function mountOptions(mounts: readonly Mount[]): Pick<Docker.HostConfig, "Mounts" | "Binds"> {
  return {
    Binds: mounts.flatMap((mount) => (asksBinds(mount) ? [bindText(mount)] : [])),
    Mounts: mounts.flatMap((mount) => (asksBinds(mount) ? [] : [mountObject(mount)])),
  };
}

type FolderMount = Extract<Mount, { kind: "bind" | "volume" }>;

/**
 * The older form of a mount, with colons between, is needed where SELinux is to relabel, which the newer one cannot say.
 * Podman reads the newer one as if it were written with commas and quotes between, and one with those in its path wrongly.
 * Where the source of a bind mount is missing, the older form makes it. Whether a mount can be said at all, `checkMounts`
 * has seen.
 */
export function asksBinds(mount: Mount): mount is FolderMount {
  switch (mount.kind) {
    case "bind": {
      const paths = mount.source + mount.target;
      return mount.relabel !== undefined || (/[,"\n]/.test(paths) && !paths.includes(":"));
    }
    case "volume":
      return /[,"\n]/.test(mount.target) && !mount.target.includes(":");
    case "tmpfs":
      return false;
  }
}

function bindText(mount: FolderMount): string {
  const { target, readOnly } = mount;
  const source = mount.kind === "bind" ? mount.source : mount.volume;
  const relabel = mount.kind === "bind" ? mount.relabel : undefined;
  const options = [
    ...(readOnly === true ? ["ro"] : []),
    ...(relabel === undefined ? [] : [relabel === "shared" ? "z" : "Z"]),
  ];
  return [source, target, ...(options.length === 0 ? [] : [options.join(",")])].join(":");
}

function mountObject(mount: Mount): Docker.MountSettings {
  switch (mount.kind) {
    case "bind": {
      const { source, target, readOnly = false } = mount;
      return { Type: "bind", Source: source, Target: target, ReadOnly: readOnly };
    }
    case "volume": {
      const { volume, target, readOnly = false } = mount;
      return { Type: "volume", Source: volume, Target: target, ReadOnly: readOnly };
    }
    case "tmpfs": {
      const { target, sizeBytes } = mount;
      const options = sizeBytes === undefined ? {} : { TmpfsOptions: { SizeBytes: sizeBytes } };
      return { Type: "tmpfs", Target: target, ...options } as Docker.MountSettings;
    }
  }
}

function portBindings({ ports }: ContainerSpec): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { containerPort, protocol, hostIp, hostPort } of ports) {
    const key = `${String(containerPort)}/${protocol}`;
    bindings[key] = [
      ...(bindings[key] ?? []),
      { HostIp: hostIp, HostPort: hostPort === undefined ? "" : String(hostPort) },
    ];
  }
  return bindings;
}
