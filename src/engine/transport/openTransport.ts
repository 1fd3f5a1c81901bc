import { Agent } from "node:http";
import type { EngineAddress } from "../../core/ports/EngineEndpoint";
import { openSshTransport } from "./ssh/openSshTransport";
import { openTlsTransport } from "./openTlsTransport";
import type { RequestTarget, Transport } from "./Transport";

/** One connection a request: an engine closes idle ones as it likes, which then looks like an engine that is lost. */
const freshConnections = new Agent({ keepAlive: false });

/** The way to an address. Nothing is connected before it is used; the caller closes it. */
export function openTransport(address: EngineAddress): Transport {
  switch (address.kind) {
    case "unix":
      return direct({ protocol: "http:", socketPath: address.socketPath, agent: freshConnections });
    case "npipe":
      return direct({ protocol: "http:", socketPath: address.pipePath, agent: freshConnections });
    case "tcp": {
      const { host, port, tls } = address;
      return tls === undefined
        ? direct({ protocol: "http:", host, port, agent: freshConnections })
        : openTlsTransport({ host, port, tls });
    }
    case "ssh":
      return openSshTransport(address, freshConnections);
  }
}

function direct(target: RequestTarget): Transport {
  return { target, ready: async () => Promise.resolve(), close: async () => Promise.resolve() };
}
