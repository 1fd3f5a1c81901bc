import { isIP } from "node:net";
import type { PortRequest } from "../ports/ContainerTypes";

const LOOPBACK = "127.0.0.1";

/**
 * Reads an entry of run.ports, in the form of `docker run --publish`: `[[ip:]hostPort:]containerPort[/tcp|/udp]`.
 * Without an address the port is bound to 127.0.0.1 only; without a host port (or with 0) the engine finds a free one.
 *
 * @returns the request, or what is wrong with it.
 */
export function parsePortRequest(value: string | number): PortRequest | { readonly problem: string } {
  const form = /^(?:(?:(?<ip>\[[^\]]*\]|[^:[\]]*):)?(?<host>\d*):)?(?<container>\d+)(?:\/(?<protocol>tcp|udp))?$/;
  const groups = form.exec(String(value).trim())?.groups;
  if (groups === undefined) {
    return { problem: `"${String(value)}" is not a port. Write 3000, "8080:80", "127.0.0.1:8080:80" or "53/udp".` };
  }
  const containerPort = Number(groups["container"]);
  const hostPort = Number(groups["host"] ?? "") || undefined;
  const hostIp = (groups["ip"] ?? "").replace(/^\[(.*)\]$/, "$1") || LOOPBACK;
  if (containerPort < 1 || containerPort > 65535 || (hostPort ?? 0) > 65535) {
    return { problem: `"${String(value)}" is not a port: ports go from 1 to 65535.` };
  }
  if (isIP(hostIp) === 0) {
    return { problem: `"${hostIp}" is not an IP address. Write the address as numbers, such as 127.0.0.1.` };
  }
  return { containerPort, protocol: groups["protocol"] === "udp" ? "udp" : "tcp", hostIp, hostPort };
}
