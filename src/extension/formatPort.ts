import type { PortBinding } from "../core/ports/ContainerTypes";

/** What to open or to connect to for a container's port: most that listens on TCP in a workspace's container is HTTP. */
export function formatPortAddress(port: PortBinding): string {
  return port.protocol === "tcp" ? `http://${hostAddress(port)}` : `${hostAddress(port)}/${port.protocol}`;
}

/** A port on its way into the container: "127.0.0.1:8080→80". */
export function formatPortBinding(port: PortBinding): string {
  const protocol = port.protocol === "tcp" ? "" : `/${port.protocol}`;
  return `${hostAddress(port)}→${String(port.containerPort)}${protocol}`;
}

function hostAddress({ hostIp, hostPort }: PortBinding): string {
  return `${hostIp.includes(":") ? `[${hostIp}]` : hostIp}:${String(hostPort)}`;
}
