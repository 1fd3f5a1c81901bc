import { Agent } from "node:https";
import { createSecureContext, type SecureContext } from "node:tls";
import { messageOf } from "../../core/errors/ExpectedError";
import type { TlsMaterial } from "../../core/ports/EngineEndpoint";
import type { Transport } from "./Transport";
import { TransportError } from "./TransportError";

/**
 * TLS to an engine, with the client's certificate where there is one. What it needs is in an agent of its own: other
 * clients of the connection need to know nothing of it, and the key, which is in the context, cannot be read from the
 * agent, so no log has it. The engine's certificate and the name in it are checked unless `tls.skipVerify`.
 */
export function openTlsTransport(options: {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMaterial;
}): Transport {
  const { host, port, tls } = options;
  const context = contextOf(tls);
  const usable = context instanceof TransportError ? {} : { secureContext: context };
  // Said even where it is Node's default: NODE_TLS_REJECT_UNAUTHORIZED must not undo it.
  const agent = new Agent({ keepAlive: false, rejectUnauthorized: !tls.skipVerify, ...usable });
  return {
    target: { protocol: "https:", host, port, agent },
    ready: async (signal) => {
      signal?.throwIfAborted();
      if (context instanceof TransportError) {
        throw context;
      }
      return Promise.resolve();
    },
    close: async () => Promise.resolve(),
  };
}

function contextOf(tls: TlsMaterial): SecureContext | TransportError {
  const { ca, cert, key } = tls.files();
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    });
  } catch (cause) {
    // OpenSSL's words name what it stumbled over, never what is in a key.
    const detail = `ca.pem, cert.pem or key.pem cannot be used (${messageOf(cause)})`;
    return new TransportError("bad-certificate", detail, { cause });
  }
}
