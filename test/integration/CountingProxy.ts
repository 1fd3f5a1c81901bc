import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands between Slipway and a real engine and looks at what goes through. */
export class CountingProxy {
  private readonly clients = new Set<Socket>();
  /** What Slipway has sent so far. */
  bytesToEngine = 0;

  private constructor(
    readonly address: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** @param engine address of the real engine: unix:///… */
  static async listen(engine: string): Promise<CountingProxy> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-counting-"));
    const socket = join(folder, "engine.sock");
    const server = createServer({ allowHalfOpen: true });
    const proxy = new CountingProxy(`unix://${socket}`, async () => {
      proxy.clients.forEach((client) => client.destroy());
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      await rm(folder, { recursive: true });
    });
    server.on("connection", (client) => {
      proxy.clients.add(client);
      const upstream = connect({ path: engine.replace(/^unix:\/\//, ""), allowHalfOpen: true });
      client.on("data", (data) => {
        proxy.bytesToEngine += data.length;
      });
      client.pipe(upstream).pipe(client);
      client.on("error", () => upstream.destroy());
      upstream.on("error", () => client.destroy());
      client.on("close", () => {
        proxy.clients.delete(client);
        upstream.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    return proxy;
  }

  /** Connections of Slipway that are open. */
  get open(): number {
    return this.clients.size;
  }

  async close(): Promise<void> {
    await this.end();
  }
}
