import type { Duplex } from "node:stream";
import { EngineRequestError, EngineTimeoutError } from "../core/errors/engineErrors";
import { detailOf, type EngineConnection } from "./EngineConnection";
import { toEngineError } from "./transport/toEngineError";

export interface HijackRequest {
  readonly connection: EngineConnection;
  /** Absolute path of the Engine API. */
  readonly path: string;
  /** What the connection is to speak: "h2c". */
  readonly protocol: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** JSON. */
  readonly body?: string;
  /** For messages: "opening a build session". */
  readonly during: string;
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds. */
  readonly answerWithinMs: number;
}

/**
 * A connection that the engine hands over for another protocol. From then on it is the caller's, who must destroy it;
 * the signal ends only the waiting for it. Rejects as EngineConnection's requests do.
 */
export async function hijack(options: HijackRequest): Promise<Duplex> {
  const { connection, during, signal, answerWithinMs } = options;
  signal?.throwIfAborted();
  const overdue = new AbortController();
  const timer = setTimeout(() => {
    overdue.abort();
  }, answerWithinMs);
  try {
    await connection.ready(signal, during);
    return await upgraded(options, signal === undefined ? overdue.signal : AbortSignal.any([signal, overdue.signal]));
  } catch (error) {
    signal?.throwIfAborted();
    if (overdue.signal.aborted) {
      throw new EngineTimeoutError(connection.name, during, answerWithinMs);
    }
    throw toEngineError(error, connection.name, during);
  } finally {
    clearTimeout(timer);
  }
}

async function upgraded(options: HijackRequest, signal: AbortSignal): Promise<Duplex> {
  const { connection, path, protocol, headers, body = "", during } = options;
  return new Promise<Duplex>((resolve, reject) => {
    const outgoing = connection.request({
      method: "POST",
      path,
      headers: {
        ...(body === "" ? {} : { "Content-Type": "application/json" }),
        "Content-Length": String(Buffer.byteLength(body)),
        ...headers,
        Connection: "Upgrade",
        Upgrade: protocol,
      },
      signal,
    });
    outgoing.once("upgrade", (_response, socket, head) => {
      // The engine may have begun to speak the other protocol already.
      socket.unshift(head);
      resolve(socket);
    });
    outgoing.once("response", (response) => {
      let detail = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        detail += text;
      });
      response.once("error", reject);
      response.once("end", () => {
        reject(new EngineRequestError(response.statusCode ?? 0, during, detailOf(detail, response.statusCode ?? 0)));
      });
    });
    outgoing.on("error", reject);
    outgoing.once("close", () => {
      reject(new Error("the connection was closed without an answer"));
    });
    outgoing.end(body);
  });
}
