import type { RunConfiguration } from "../../config/WorkspaceConfiguration";
import type { PortRequest } from "../../ports/ContainerTypes";

export interface PreparedPorts {
  readonly ports: readonly PortRequest[];
  /** For people. */
  readonly warnings: readonly string[];
}

/** The ports that an engine is asked for, each once, and what is to be said of them. */
export function preparedPorts({ ports, network }: RunConfiguration): PreparedPorts {
  if (ports.length > 0 && network !== undefined && hasNoPorts(network)) {
    return {
      ports: [],
      warnings: [`run.ports is of no account with the network ${JSON.stringify(network)}: nothing is published.`],
    };
  }
  const unique = [...new Map(ports.map((port) => [JSON.stringify(fieldsOf(port)), port])).values()];
  return {
    ports: unique,
    warnings: unique
      .filter(({ hostIp }) => /^(0\.0\.0\.0|::)$/.test(hostIp))
      .map(
        ({ containerPort, hostIp }) =>
          `Port ${String(containerPort)} is open to other machines (${hostIp}). Without an address it would be this ` +
          "machine's only.",
      ),
  };
}

/** What tells one port from another, in a fixed order. */
export function fieldsOf({
  containerPort,
  protocol,
  hostIp,
  hostPort,
}: PortRequest): readonly (string | number | null)[] {
  return [containerPort, protocol, hostIp, hostPort ?? null];
}

/** The container's ports are the machine's own then, those of another container, or none at all. */
function hasNoPorts(network: string): boolean {
  return network === "host" || network === "none" || network.startsWith("container:");
}
