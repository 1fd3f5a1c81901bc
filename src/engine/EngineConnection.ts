import { request as requestPlain, type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestSecure } from "node:https";
import { messageOf } from "../core/errors/ExpectedError";
import { EngineRequestError, EngineTimeoutError } from "../core/errors/engineErrors";
import { formatEngineAddress, type EngineAddress } from "../core/ports/EngineEndpoint";
import { DEADLINES, type Deadlines } from "./Deadlines";
import { drained } from "../core/drained";
import { readText } from "./stream/readText";
import { releasing } from "./stream/releasing";
import { openTransport } from "./transport/openTransport";
import { toEngineError } from "./transport/toEngineError";
import type { RequestTarget, Transport } from "./transport/Transport";

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface StreamRequest {
  readonly method: "GET" | "POST";
  /** Absolute path of the Engine API. */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
  /** For messages: "building the image". */
  readonly during: string;
  readonly signal?: AbortSignal | undefined;
  /** Until the first byte of the answer, in milliseconds; undefined where the engine answers when it is done. */
  readonly answerWithinMs?: number | undefined;
}

/** A network that goes away says nothing: after this long without a word the system asks whether the other side is there. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Requests to an engine whose answers are streams. They do not go through dockerode, whose streams lose errors and
 * cannot be aborted once they flow.
 */
export class EngineConnection {
  readonly name: string;
  private readonly transport: Transport;

  constructor(
    address: EngineAddress,
    readonly deadlines: Deadlines = DEADLINES,
  ) {
    this.name = formatEngineAddress(address);
    this.transport = openTransport(address);
  }

  /** What leads to the engine, for clients of their own; `ready` must have resolved before they use it. */
  get target(): RequestTarget {
    return this.transport.target;
  }

  /** Resolves when requests can be sent. Rejects with EngineLostError, or with `signal.reason`. */
  async ready(signal?: AbortSignal, during = "connecting"): Promise<void> {
    try {
      await this.transport.ready(signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw toEngineError(error, this.name, during);
    }
  }

  /** A request that is not sent yet; `ready` must have resolved. */
  request(options: RequestOptions): ClientRequest {
    const { target } = this;
    const all = { ...target, ...options };
    const outgoing = target.protocol === "https:" ? requestSecure(all) : requestPlain(all);
    return outgoing.once("socket", (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
  }

  /** Ends what leads to the engine. */
  async close(): Promise<void> {
    await this.transport.close();
  }

  /**
   * The body of a successful answer. Every other outcome is an error of core/errors.ts, or `signal.reason`. The connection
   * is let go of when the body is read or left (`return`, also of one that was never begun), or the signal aborted.
   */
  async stream(options: StreamRequest): Promise<AsyncGenerator<Uint8Array>> {
    options.signal?.throwIfAborted();
    const { response, sending } = await this.answer(options);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      // Who refuses may not take for ever to say why.
      const late = setTimeout(() => response.destroy(), this.deadlines.refusalMs);
      const detail = await readText(this.read(response, options), options.during).finally(() => {
        clearTimeout(late);
      });
      throw new EngineRequestError(status, options.during, detailOf(detail, status));
    }
    return releasing(this.read(response, options, sending), () => response.destroy());
  }

  /** `stream` for an answer that is read whole, as text. */
  async text(options: StreamRequest): Promise<string> {
    const { answerWithinMs, during, signal } = options;
    if (answerWithinMs === undefined) {
      return readText(await this.stream(options), during);
    }
    // The deadline is for the whole answer: an engine can hang in the middle of it, too.
    const overdue = new AbortController();
    const timer = setTimeout(() => {
      overdue.abort(new EngineTimeoutError(this.name, during, answerWithinMs));
    }, answerWithinMs);
    try {
      const either = signal === undefined ? overdue.signal : AbortSignal.any([signal, overdue.signal]);
      return await readText(await this.stream({ ...options, signal: either }), during);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Every request in flight is either answered, aborted or over its deadline: nothing waits for ever. */
  private async answer(options: StreamRequest): Promise<{ response: IncomingMessage; sending: Promise<void> }> {
    const { method, path, query = {}, headers, body, during, signal, answerWithinMs } = options;
    await this.ready(signal, during);
    const outgoing = this.request({
      method,
      path: `${path}${queryString(query)}`,
      headers: { ...headers, ...(body === undefined && method === "POST" ? { "Content-Length": "0" } : {}) },
      ...(signal === undefined ? {} : { signal }),
    });
    const deadline = new Deadline(outgoing, answerWithinMs);
    try {
      const answered = new Promise<IncomingMessage>((resolve, reject) => {
        outgoing.once("response", resolve);
        // A second error after the answer must find a listener, too.
        outgoing.on("error", reject);
        outgoing.once("close", () => {
          reject(new Error("the connection was closed without an answer"));
        });
      });
      // An engine that refuses answers before it has read the whole body: whichever comes first counts.
      const sending = send(outgoing, body);
      const failedToSend = sending.then(async () => answered);
      return { response: await Promise.race([answered, failedToSend]), sending };
    } catch (error) {
      signal?.throwIfAborted();
      if (deadline.passed) {
        throw new EngineTimeoutError(this.name, during, answerWithinMs ?? 0);
      }
      throw toEngineError(error, this.name, during);
    } finally {
      deadline.clear();
    }
  }

  private async *read(
    response: IncomingMessage,
    { during, signal }: StreamRequest,
    sending?: Promise<void>,
  ): AsyncGenerator<Uint8Array> {
    const failure: { error?: Error } = {};
    sending?.catch((error: unknown) => {
      failure.error = error instanceof Error ? error : new Error(messageOf(error));
      response.destroy();
    });
    try {
      for await (const chunk of response) {
        yield chunk as Uint8Array;
      }
      if (failure.error !== undefined) {
        throw failure.error;
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw toEngineError(failure.error ?? error, this.name, during);
    } finally {
      response.destroy();
    }
  }
}

class Deadline {
  passed = false;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(outgoing: ClientRequest, ms: number | undefined) {
    if (ms !== undefined) {
      this.timer = setTimeout(() => {
        this.passed = true;
        outgoing.destroy();
      }, ms);
    }
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}

async function send(outgoing: ClientRequest, body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  if (body === undefined) {
    outgoing.end();
    return;
  }
  try {
    for await (const chunk of body) {
      if (outgoing.destroyed) {
        return;
      }
      if (!outgoing.write(chunk)) {
        await drained(outgoing);
      }
    }
    outgoing.end();
  } catch (error) {
    outgoing.destroy();
    throw error;
  }
}

function queryString(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of value === undefined ? [] : typeof value === "string" ? [value] : value) {
      parameters.append(name, item);
    }
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/** What somebody else than an engine says can be a whole page, or anything. */
const LONGEST_DETAIL = 2_000;

/** Engines answer refusals as `{ "message": "…" }`; whatever else comes is shown as it is, as far as it can be read. */
export function detailOf(body: string, status: number): string {
  // It is shown in terminals, which do what control characters tell them.
  // eslint-disable-next-line no-control-regex -- these are the ones to be left out
  const detail = wholeDetailOf(body, status).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
  return detail.length > LONGEST_DETAIL ? `${detail.slice(0, LONGEST_DETAIL)}…` : detail;
}

function wholeDetailOf(body: string, status: number): string {
  if (body.trim() === "") {
    return `it answered HTTP ${String(status)} without a reason`;
  }
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === "string" ? message : body.trim();
  } catch {
    return body.trim();
  }
}
