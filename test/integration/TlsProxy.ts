import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { createServer, type Server, type TlsOptions } from "node:tls";

/** A port of this machine that speaks TLS and leads to an engine's socket. */
export class TlsProxy {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param engine address of the real engine: unix:///… */
  static async listen(engine: string, options: TlsOptions): Promise<TlsProxy> {
    // As Go's servers do: who has no more to send may still want to hear.
    const server = createServer({ ...options, allowHalfOpen: true } as TlsOptions);
    const proxy = new TlsProxy(server);
    // Half open, the connection of a client that does not trust us stays, and is none that is secure.
    server.on("connection", (raw: Socket) => {
      proxy.sockets.add(raw);
      raw.on("close", () => proxy.sockets.delete(raw));
    });
    server.on("secureConnection", (client) => {
      const upstream = connect({ path: engine.replace(/^unix:\/\//, ""), allowHalfOpen: true });
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        proxy.sockets.add(from);
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          proxy.sockets.delete(from);
          to.destroy();
        });
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }
}
