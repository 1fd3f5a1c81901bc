import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentMessages, typeOfMessage } from "../../src/engine/buildkit/agentMessages";

/** Numbers of the SSH agent protocol (draft-miller-ssh-agent). */
export const AGENT = {
  failure: 5,
  removeAll: 19,
  listKeys: 11,
  keys: 12,
  sign: 13,
  signature: 14,
  extension: 27,
} as const;

/** A message of that protocol. */
export function agentMessage(type: number, content: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(content.length + 1);
  head[4] = type;
  return Buffer.concat([head, content]);
}

/** Listens as an SSH agent does, with one key that is none. */
export class FakeSshAgent {
  /** The types of what it was asked. */
  readonly asked: number[] = [];
  readonly connections = new Set<Socket>();
  /** Closes a connection when it is asked to sign. */
  hangsUp = false;
  /** Waits before each answer, in milliseconds. */
  pauseMs = 0;

  private constructor(
    readonly socket: string,
    private readonly folder: string,
    private readonly server: Server,
  ) {
    server.on("connection", (connection) => {
      this.connections.add(connection);
      connection.once("close", () => this.connections.delete(connection));
      this.serve(connection).catch(() => connection.destroy());
    });
  }

  static async listen(): Promise<FakeSshAgent> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-fake-agent-"));
    const socket = join(folder, "s");
    const server = createServer();
    server.listen(socket);
    await once(server, "listening");
    return new FakeSshAgent(socket, folder, server);
  }

  async close(): Promise<void> {
    this.connections.forEach((connection) => connection.destroy());
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }

  private async serve(connection: Socket): Promise<void> {
    for await (const message of agentMessages(connection as AsyncIterable<Uint8Array>)) {
      const type = typeOfMessage(message) ?? 0;
      this.asked.push(type);
      if (this.pauseMs > 0) {
        await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
      }
      if (type === AGENT.sign && this.hangsUp) {
        connection.destroy();
        return;
      }
      // It signs by giving back what is to be signed.
      const answers: Readonly<Record<number, Buffer>> = {
        [AGENT.listKeys]: agentMessage(AGENT.keys, Buffer.from("one key")),
        [AGENT.sign]: agentMessage(AGENT.signature, message.subarray(5)),
      };
      connection.write(answers[type] ?? agentMessage(AGENT.failure));
    }
  }
}
