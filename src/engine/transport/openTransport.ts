import type { EngineAddress } from "../../core/ports/EngineEndpoint";
import type { RequestTarget, Transport } from "./Transport";

/** The way to an address. Nothing is connected before it is used; the caller closes it. */
export function openTransport(address: EngineAddress): Transport {
  switch (address.kind) {
    case "unix":
      return direct({ protocol: "http:", socketPath: address.socketPath });
    case "npipe":
      return direct({ protocol: "http:", socketPath: address.pipePath });
    case "tcp": {
      const { host, port, tls } = address;
      if (tls === undefined) {
        return direct({ protocol: "http:", host, port });
      }
      const { ca, cert, key, skipVerify } = tls;
      return direct({
        protocol: "https:",
        host,
        port,
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
        rejectUnauthorized: !skipVerify,
      });
    }
    case "ssh":
      throw new TypeError("Addresses of this kind are refused before.");
  }
}

function direct(target: RequestTarget): Transport {
  return { target, ready: async () => Promise.resolve(), close: async () => Promise.resolve() };
}
