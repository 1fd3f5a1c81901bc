import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { DockerodeEngine, type DockerodeEngineOptions } from "../../src/engine/DockerodeEngine";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
type Upgrade = (socket: Duplex, request: IncomingMessage) => void;

export const VERSION = { Version: "28.5.2", ApiVersion: "1.51", Os: "linux", Arch: "amd64", Components: [] };
export const PODMAN = { ...VERSION, Version: "5.8.6", ApiVersion: "1.44", Components: [{ Name: "Podman Engine" }] };

/** Stands in for an engine's end of the connection in tests, on a socket of its own. */
export class FakePeer {
  /** "GET /v1.51/containers/json?all=true", in their order. */
  readonly requests: string[] = [];
  /** By method and path without version and query: "GET /containers/json". */
  readonly answers: Record<string, Answer> = { "GET /version": json(VERSION) };
  readonly upgrades: Record<string, Upgrade> = {};
  /** What is answered instead of an upgrade: an HTTP status. */
  readonly refusedUpgrades: Record<string, number> = {};
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {
    server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("error", () => undefined);
    });
    server.on("request", (request, response) => {
      const answer = this.answers[this.note(request)];
      (answer ?? refusal(404))(response, request);
    });
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const route = this.note(request);
      const upgrade = this.upgrades[route];
      const refused = this.refusedUpgrades[route];
      if (refused !== undefined) {
        socket.end(`HTTP/1.1 ${String(refused)} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      } else if (upgrade === undefined) {
        socket.destroy();
      } else {
        socket.unshift(head);
        // After whatever the test does at that moment. An engine ends its direction, too, when its client is gone.
        socket.once("end", () => setImmediate(() => socket.end()));
        socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
        upgrade(socket, request);
      }
    });
  }

  static async listen(): Promise<FakePeer> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-peer-"));
    const server = createServer();
    server.listen(join(folder, "s"));
    await once(server, "listening");
    return new FakePeer(server, folder);
  }

  connect(options: DockerodeEngineOptions = {}): DockerodeEngine {
    const socketPath = join(this.folder, "s");
    return new DockerodeEngine({ address: { kind: "unix", socketPath }, source: "test" }, options);
  }

  /** Closes every connection, as an engine does that is killed. */
  drop(): void {
    this.sockets.forEach((socket) => socket.destroy());
  }

  /** Ends when the other side has let go of each of its connections, which it must do by itself. */
  async close(): Promise<void> {
    await Promise.all([...this.sockets].map(async (socket) => new Promise((resolve) => socket.once("close", resolve))));
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true });
  }

  private note({ method = "", url = "" }: IncomingMessage): string {
    this.requests.push(`${method} ${url}`);
    return `${method} ${url.replace(/^\/v\d\.\d+/, "").replace(/\?.*/, "")}`;
  }
}

/** An answer 200 with JSON. */
export function json(value: unknown): Answer {
  return (response) => response.end(JSON.stringify(value));
}

/** One answer after the other; the last one for all that follows. */
export function inTurn(...answers: readonly Answer[]): Answer {
  let turn = 0;
  return (response, request) => {
    answers[Math.min(turn++, answers.length - 1)]?.(response, request);
  };
}

export function refusal(status: number, message = "no"): Answer {
  return (response, request) => {
    request.resume();
    response.writeHead(status).end(JSON.stringify({ message }));
  };
}

/** Begins an answer 200 and breaks the connection in the middle of it. */
export function cutOff(begun: string): Answer {
  return (response, request) => {
    response.writeHead(200, { "Content-Length": "1000" }).write(begun, () => request.socket.destroy());
  };
}

/** What was sent, as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  return text(request);
}

/** An answer to GET /containers/{id}/json. */
export function containerJson(state: Readonly<Record<string, unknown>>, tty = false): unknown {
  const running = state["Running"] === true;
  return {
    Id: "c".repeat(64),
    Name: "/c",
    Image: `sha256:${"a".repeat(64)}`,
    State: { Status: running ? "running" : "exited", Running: running, ExitCode: 0, ...state },
    Config: { Labels: {}, Tty: tty },
  };
}
