import { randomUUID } from "node:crypto";
import type { SecureServerOptions } from "node:http2";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from "@grpc/grpc-js";
import type { EngineConnection } from "../EngineConnection";
import { hijack } from "../hijack";
import { EagerCall } from "./EagerCall";
import type { SessionService } from "./SessionService";

// By default it writes to stderr, which is the CLI's, whatever a peer sends that it does not understand. One such thing is
// harmless: Docker 20.10 asks for paths that are not ASCII in a header that gRPC then drops, and so gets the whole folder.
setLogVerbosity(logVerbosity.NONE);

const MOST_HEADERS = 100_000;
const MOST_HEADER_BYTES = 1 << 26;

export interface SessionOptions {
  readonly connection: EngineConnection;
  /** Names what the daemon keeps between sessions, such as its copy of a context. */
  readonly sharedKey: string;
  readonly services: readonly SessionService[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * A connection on which the daemon's builder calls back to its client: gRPC whose server is here (session/ of
 * moby/buildkit, POST /session of the Engine API 1.39 and later).
 */
export class BuildKitSession {
  private constructor(
    /** For the build's query. */
    readonly id: string,
    private readonly server: Server,
    private readonly socket: Duplex,
  ) {}

  /** The caller closes it. Rejects as EngineConnection's requests do. */
  static async open({ connection, sharedKey, services, signal }: SessionOptions): Promise<BuildKitSession> {
    const id = randomUUID();
    const methods = services.flatMap(({ definition }) => Object.values(definition).map(({ path }) => path));
    const socket = await hijack({
      connection,
      path: "/session",
      protocol: "h2c",
      headers: {
        "X-Docker-Expose-Session-Uuid": id,
        "X-Docker-Expose-Session-Name": "slipway",
        "X-Docker-Expose-Session-Sharedkey": sharedKey,
        "X-Docker-Expose-Session-Grpc-Method": methods,
      },
      during: "opening a build session",
      signal,
      answerWithinMs: connection.deadlines.answerMs,
    });
    const server = new Server({ interceptors: [(_method, call) => new EagerCall(call)] });
    allowManyHeaders(server);
    for (const { definition, implementation } of services) {
      server.addService(definition, implementation);
    }
    withoutProtocol(socket);
    server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(socket);
    // What the loss of the connection means, the build's own request tells.
    socket.on("error", () => undefined);
    // Node takes in what the daemon has sent with its answer in a tick of its own, and fails beyond catching when the
    // connection was closed before.
    await setImmediate();
    return new BuildKitSession(id, server, socket);
  }

  /** Ends every call of the builder and the connection; resolves when it is closed. */
  async close(): Promise<void> {
    const closed = this.socket.closed
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          this.socket.once("close", resolve);
        });
    this.server.forceShutdown();
    this.socket.destroy();
    await closed;
  }
}

/**
 * Node's HTTP/2 server refuses a TLS connection on which no protocol was agreed. This one was HTTP/1 until the engine
 * handed it over, and what it speaks now was agreed in a header.
 */
function withoutProtocol(socket: Duplex): void {
  if (socket instanceof TLSSocket && socket.alpnProtocol === false) {
    (socket as { alpnProtocol: unknown }).alpnProtocol = undefined;
  }
}

/**
 * The builder asks for each path that a Dockerfile names in a header of its own, and Node's HTTP/2 server refuses more
 * than 128 of them. grpc-js has no option for that, only the options that it hands to Node.
 */
function allowManyHeaders(server: Server): void {
  const { commonServerOptions } = server as unknown as { readonly commonServerOptions: SecureServerOptions };
  commonServerOptions.maxHeaderListPairs = MOST_HEADERS;
  commonServerOptions.settings = { ...commonServerOptions.settings, maxHeaderListSize: MOST_HEADER_BYTES };
}
