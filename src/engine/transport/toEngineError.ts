import { EngineLostError } from "../../core/errors/engineErrors";
import { describeConnectionFailure } from "./describeConnectionFailure";
import { TransportError } from "./TransportError";

/** Node's errors of sockets and HTTP are plain Errors; a bug is a TypeError or the like, and no reason to blame the engine. */
export function isConnectionFailure(error: unknown): boolean {
  // An AggregateError is what connecting ends in when a name such as "localhost" has several addresses.
  return (
    error instanceof AggregateError ||
    error instanceof TransportError ||
    (error instanceof Error && error.name === "Error")
  );
}

/**
 * A failure of the connection as EngineLostError, with the reason where starting the engine again would not help; what is
 * none, such as an error of the body that was being sent, as it is.
 */
export function toEngineError(error: unknown, engine: string, during: string): unknown {
  if (!isConnectionFailure(error)) {
    return error;
  }
  const reason = describeConnectionFailure(error);
  const isOfTheWay =
    error instanceof TransportError || reason.problem === "bad-certificate" || reason.problem === "unknown-host";
  return new EngineLostError(engine, during, { cause: error, reason: isOfTheWay ? reason : undefined });
}
