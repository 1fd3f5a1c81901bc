import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { EngineConnection } from "../EngineConnection";
import { readText } from "../stream/readText";

export interface ExchangeRequest {
  readonly connection: EngineConnection;
  readonly method: string;
  /** Absolute path of the Engine API, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array> | undefined;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One request and its whole answer, whatever its status. Rejects when either is cut off, with the body's own error when
 * reading that fails, and when the signal is aborted. No connection is left, however it ends. The deadline is the caller's.
 */
export async function exchange(request: ExchangeRequest): Promise<Answer> {
  const { connection, method, path, body, signal } = request;
  signal.throwIfAborted();
  await connection.ready(signal);
  const outgoing = connection.request({ method, path, headers: headersOf(request), signal });
  try {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve);
      // A second error after the answer must find a listener, too.
      outgoing.on("error", reject);
      outgoing.once("close", () => {
        reject(new Error("the connection was closed without an answer"));
      });
    });
    if (typeof body === "object") {
      // An engine that refuses answers before it has read the body, which then cannot be sent to its end: that is no
      // failure. A body that fails destroys the request with its own error, which `answered` rejects with.
      pipeline(Readable.from(body, { objectMode: false }), outgoing).catch(() => undefined);
    } else {
      outgoing.end(body);
    }
    const response = await answered;
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await readText(response as AsyncIterable<Uint8Array>, `${method} ${path}`),
    };
  } finally {
    outgoing.destroy();
  }
}

function headersOf({ method, headers, body }: ExchangeRequest): Readonly<Record<string, string>> {
  if (typeof body === "object") {
    return { ...headers };
  }
  // Podman wants a length of a POST without a body.
  const length = method === "POST" || body !== undefined ? String(Buffer.byteLength(body ?? "")) : undefined;
  return { ...headers, ...(length === undefined ? {} : { "Content-Length": length }) };
}
