import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry that says that it is one, and then nothing more to whoever wants an image. */
export class SilentRegistry {
  private constructor(
    private readonly server: Server,
    /** Resolves once an image is asked for. */
    readonly asked: Promise<void>,
  ) {}

  static async listen(): Promise<SilentRegistry> {
    const server = createServer();
    const asked = new Promise<void>((resolve) => {
      server.on("request", ({ url }, response) => {
        if (url === "/v2/") {
          response.end("{}");
        } else {
          resolve();
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new SilentRegistry(server, asked);
  }

  get address(): string {
    return `127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
