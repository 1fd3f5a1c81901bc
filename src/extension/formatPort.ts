import type { PortBinding } from "../core/ports/ContainerTypes";

/** What to open or to connect to for a container's port: most that listens on TCP in a workspace's container is HTTP. */
export function formatPortAddress(port: PortBinding): string {
  return openableAddress(port) ?? `${hostAddress(reachable(port))}/${port.protocol}`;
}

/** What a browser opens; undefined for a port that is none of TCP. */
export function openableAddress(port: PortBinding): string | undefined {
  return port.protocol === "tcp" ? `http://${hostAddress(reachable(port))}` : undefined;
}

/** A port on its way into the container: "127.0.0.1:8080→80". */
export function formatPortBinding(port: PortBinding): string {
  const protocol = port.protocol === "tcp" ? "" : `/${port.protocol}`;
  return `${hostAddress(port)}→${String(port.containerPort)}${protocol}`;
}

/** Where it listens on every address, this machine's own is one of them. */
function reachable(port: PortBinding): PortBinding {
  const own: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
  return { ...port, hostIp: own[port.hostIp] ?? port.hostIp };
}

function hostAddress({ hostIp, hostPort }: PortBinding): string {
  return `${hostIp.includes(":") ? `[${hostIp}]` : hostIp}:${String(hostPort)}`;
}
