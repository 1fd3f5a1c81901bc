import { ZodError } from "zod";
import { EngineLostError, EngineRequestError, EngineTimeoutError } from "../core/errors";
import { isConnectionFailure } from "./EngineConnection";

export interface EngineCall<T> {
  /** The engine's address, for messages. */
  readonly engine: string;
  /** For messages: "starting the container". */
  readonly during: string;
  readonly signal: AbortSignal | undefined;
  /** Until the answer is there, in milliseconds. */
  readonly deadlineMs: number;
  /** Its signal is aborted when no answer is awaited any more. */
  readonly action: (abortSignal: AbortSignal) => Promise<T>;
}

/**
 * Runs a call of dockerode under a deadline: some of them never settle when the engine dies at the wrong moment. Rejects
 * with an error of core/errors.ts, or with `signal.reason` as soon as that is aborted.
 */
export async function callEngine<T>({ engine, during, signal, deadlineMs, action }: EngineCall<T>): Promise<T> {
  signal?.throwIfAborted();
  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new EngineTimeoutError(engine, during, deadlineMs));
      }, deadlineMs);
      abort = () => {
        reject(signal?.reason instanceof Error ? signal.reason : new DOMException("Aborted", "AbortError"));
      };
      signal?.addEventListener("abort", abort, { once: true });
      action(ended.signal).then(resolve, reject);
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw translateEngineError(error, engine, during);
  } finally {
    clearTimeout(timer);
    if (abort !== undefined) {
      signal?.removeEventListener("abort", abort);
    }
    // Lets go of a connection on which no answer is awaited any more.
    ended.abort();
  }
}

/** What dockerode, a socket or the reading of an answer failed with, as an error of core/errors.ts where it is one. */
export function translateEngineError(error: unknown, engine: string, during: string): unknown {
  const { statusCode, reason, json } = error as {
    readonly statusCode?: number;
    readonly reason?: string;
    readonly json?: { readonly message?: string };
  };
  if (typeof statusCode === "number") {
    return new EngineRequestError(statusCode, during, json?.message ?? reason ?? `HTTP ${String(statusCode)}`);
  }
  if (error instanceof ZodError || error instanceof SyntaxError) {
    return new EngineRequestError(200, during, "its answer has a form that Slipway does not know");
  }
  return isConnectionFailure(error) ? new EngineLostError(engine, during, { cause: error }) : error;
}
