import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DockerodeEngine } from "../../src/engine/DockerodeEngine";
import type { Deadlines } from "../../src/engine/Deadlines";
import { notFound, type PeerAnswer } from "./peerAnswers";

/** What a peer says to a method and path, without version and query: "GET /containers/json". */
export type PeerRoutes = Readonly<Record<string, PeerAnswer>>;

/**
 * Stands in for an engine that is broken. It writes bytes on sockets, not what an HTTP server would let it write, and
 * counts the connections that the other side has not let go of.
 */
export class FaultyPeer {
  /** Without the versions' prefix and the query, in their order. */
  readonly requests: string[] = [];
  private readonly open = new Map<Socket, string>();

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    private readonly routes: PeerRoutes,
  ) {
    server.on("connection", (socket) => {
      this.open.set(socket, "a connection without a request");
      socket.on("error", () => undefined);
      socket.on("close", () => this.open.delete(socket));
      this.hear(socket);
    });
  }

  static async listen(routes: PeerRoutes): Promise<FaultyPeer> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-faulty-"));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
    return new FaultyPeer(server, folder, routes);
  }

  connect(deadlines?: Deadlines): DockerodeEngine {
    const socketPath = join(this.folder, "s");
    return new DockerodeEngine({ address: { kind: "unix", socketPath }, source: "test" }, { deadlines });
  }

  /** Breaks every connection, as when an engine is killed. */
  drop(): void {
    this.open.forEach((_, socket) => socket.destroy());
  }

  /** @returns what is still open after a while although nobody waits for an answer any more; nothing is as it should be. */
  async leaks(withinMs = 3_000): Promise<readonly string[]> {
    for (const end = performance.now() + withinMs; this.open.size > 0 && performance.now() < end;) {
      await setTimeout(5);
    }
    return [...this.open.values()];
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }

  /** One request a connection, as Slipway makes them. What is sent after its head is thrown away. */
  private hear(socket: Socket): void {
    let head = "";
    const listen = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (head.includes("\r\n\r\n")) {
        socket.off("data", listen).resume();
        const [, method = "", path = ""] = /^(\S+) (?:\/v\d\.\d+)?([^\s?]*)/.exec(head) ?? [];
        const route = `${method} ${path}`;
        this.requests.push(route);
        this.open.set(socket, route);
        (this.routes[route] ?? notFound)(socket, method);
      }
    };
    socket.on("data", listen);
  }
}
