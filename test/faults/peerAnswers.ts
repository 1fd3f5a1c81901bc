import type { Socket } from "node:net";

/** Answers one request, or does something worse. */
export type PeerAnswer = (socket: Socket, method: string) => void;

export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole answer, after which the peer closes. */
export function reply(body: string | Uint8Array, { status = 200, type, headers = {} }: Reply = {}): PeerAnswer {
  return (socket, method) => {
    const length = String(Buffer.byteLength(body));
    socket.write(head(status, { "Content-Type": type ?? "application/json", "Content-Length": length, ...headers }));
    socket.end(method === "HEAD" ? "" : body);
  };
}

export function json(value: unknown): PeerAnswer {
  return reply(JSON.stringify(value));
}

export const notFound: PeerAnswer = reply('{"message":"not here"}', { status: 404 });

/** An answer of unknown length in chunks, so that whether it was cut can be seen. */
export function chunked(
  parts: readonly (string | Uint8Array)[],
  then: "end" | "cut" | "stay",
  headers: Readonly<Record<string, string>> = {},
): PeerAnswer {
  return (socket) => {
    socket.write(head(200, { "Transfer-Encoding": "chunked", ...headers }));
    for (const part of parts) {
      socket.write(Buffer.concat([Buffer.from(`${Buffer.byteLength(part).toString(16)}\r\n`), bytes(part), CRLF]));
    }
    finish(socket, then, "0\r\n\r\n");
  };
}

/** An answer that goes on until the connection ends, so that whether it was cut cannot be seen. */
export function untilClosed(parts: readonly (string | Uint8Array)[], then: "end" | "cut" | "stay"): PeerAnswer {
  return (socket) => {
    socket.write(head(200, { "Content-Type": "application/vnd.docker.raw-stream" }));
    parts.forEach((part) => socket.write(part));
    finish(socket, then, "");
  };
}

/** A connection that is handed over, some bytes on it, and what then becomes of it. */
export function upgraded(parts: readonly (string | Uint8Array)[], then: "end" | "cut" | "stay"): PeerAnswer {
  return (socket) => {
    socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    parts.forEach((part) => socket.write(part));
    finish(socket, then, "");
  };
}

/** One answer after the other; the last one for all that follows. */
export function inTurn(...answers: readonly PeerAnswer[]): PeerAnswer {
  let turn = 0;
  return (socket, method) => {
    answers[Math.min(turn++, answers.length - 1)]?.(socket, method);
  };
}

/** Output as engines put it in frames. */
export function frame(stream: "stdout" | "stderr", data: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === "stdout" ? 1 : 2;
  header.writeUInt32BE(Buffer.byteLength(data), 4);
  return Buffer.concat([header, Buffer.from(data)]);
}

export function head(status: number, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ Connection: "close", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${String(status)} Words\r\n${lines.join("")}\r\n`;
}

const CRLF = Buffer.from("\r\n");

function bytes(part: string | Uint8Array): Uint8Array {
  return typeof part === "string" ? Buffer.from(part) : part;
}

function finish(socket: Socket, then: "end" | "cut" | "stay", last: string): void {
  switch (then) {
    case "end":
      socket.end(last);
      return;
    case "cut":
      // Once what was written is out: an engine that is killed has sent it, too.
      socket.write("", () => socket.destroy());
      return;
    case "stay":
  }
}
