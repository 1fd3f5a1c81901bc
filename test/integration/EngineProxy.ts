import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands between Slipway and a real engine, which can so go away in the middle without being harmed. */
export class EngineProxy {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    readonly address: string,
  ) {}

  /**
   * @param engine address of the real engine: unix:///…
   * @param path of its socket; one in a new folder where absent.
   */
  static async listen(engine: string, path?: string): Promise<EngineProxy> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-proxy-"));
    const socket = path ?? join(folder, "engine.sock");
    const server = createServer({ allowHalfOpen: true });
    const proxy = new EngineProxy(server, folder, `unix://${socket}`);
    server.on("connection", (client) => {
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
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    return proxy;
  }

  /** As when the engine's process is killed: every connection breaks, and nothing listens any more. */
  async sever(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    this.sockets.forEach((socket) => socket.destroy());
    await closed;
  }

  async close(): Promise<void> {
    if (this.server.listening) {
      await this.sever();
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
