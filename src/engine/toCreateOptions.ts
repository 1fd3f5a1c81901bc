import type Docker from "dockerode";
import type { BindMount, ContainerSpec } from "../core/ports/ContainerTypes";

/** A container as POST /containers/create wants it. */
export function toCreateOptions(spec: ContainerSpec): Docker.ContainerCreateOptions {
  const { image, name, command, workingDirectory, env, labels, mounts, ports } = spec;
  const [program, ...parameters] = command ?? [];
  return {
    Image: image,
    name,
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    Labels: labels,
    // The program is the entrypoint, so that the image's own does not stand before it.
    ...(program === undefined ? {} : { Entrypoint: [program], Cmd: parameters }),
    ...(workingDirectory === undefined ? {} : { WorkingDir: workingDirectory }),
    ExposedPorts: Object.fromEntries(
      ports.map(({ containerPort, protocol }) => [`${String(containerPort)}/${protocol}`, {}]),
    ),
    HostConfig: {
      ...bindMounts(mounts),
      PortBindings: portBindings(spec),
    },
  };
}

/**
 * Podman reads a mount as if it were written with commas and quotes between, and one with those in its path wrongly.
 * The older form has colons between. (Where the source is missing it makes it; ours have been looked at.)
 */
function bindMounts(mounts: readonly BindMount[]): Pick<Docker.HostConfig, "Mounts" | "Binds"> {
  const odd = mounts.filter(
    ({ source, target }) => /[,"\n]/.test(source + target) && !`${source}${target}`.includes(":"),
  );
  return {
    Binds: odd.map(({ source, target }) => `${source}:${target}`),
    Mounts: mounts
      .filter((mount) => !odd.includes(mount))
      .map(({ source, target }) => ({ Type: "bind", Source: source, Target: target })),
  };
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
