import { randomInt } from "node:crypto";
import type { PortBinding, PortRequest } from "../../src/core/ports/ContainerTypes";

/** Below those that Linux gives to connections by itself, so that a program in a test can really listen there. */
const FREE_PORTS = [20_000, 30_000] as const;

export function bindPorts(ports: readonly PortRequest[]): readonly PortBinding[] {
  return ports.map(({ containerPort, protocol, hostIp, hostPort }) => ({
    ...{ containerPort, protocol, hostIp },
    hostPort: hostPort ?? randomInt(...FREE_PORTS),
  }));
}
