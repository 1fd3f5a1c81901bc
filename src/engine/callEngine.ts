import { ZodError } from "zod";
import { EngineRequestError, EngineTimeoutError } from "../core/errors/engineErrors";
import { RefusedCall, UNKNOWN_FORM } from "./RefusedCall";
import { toEngineError } from "./transport/toEngineError";

export interface EngineCall<T> {
  /** The engine's address, for messages. */
  readonly engine: string;
  /** For messages: "starting the container". */
  readonly during: string;
  readonly signal: AbortSignal | undefined;
  /** Until the answer is there, in milliseconds. */
  readonly deadlineMs: number;
  /**
   * Its signal is aborted when no answer is awaited any more. Calling `goesOn` gives it the whole time again, where
   * something large is being sent.
   */
  readonly action: (abortSignal: AbortSignal, goesOn: () => void) => Promise<T>;
}

/**
 * Runs a call under a deadline. Rejects with an error of core/errors.ts, or with `signal.reason` as soon as that is
 * aborted.
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
      const goesOn = (): void => {
        // A timer that was cleared would run again.
        if (!ended.signal.aborted) {
          timer?.refresh();
        }
      };
      action(ended.signal, goesOn).then(resolve, reject);
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

/** What a call, a socket or the reading of an answer failed with, as an error of core/errors.ts where it is one. */
function translateEngineError(error: unknown, engine: string, during: string): unknown {
  if (error instanceof RefusedCall) {
    return new EngineRequestError(error.status, during, error.detail);
  }
  if (error instanceof ZodError || error instanceof SyntaxError) {
    return new EngineRequestError(200, during, UNKNOWN_FORM);
  }
  return toEngineError(error, engine, during);
}
