import { EngineUnavailableError } from "../errors/engineErrors";

const LOCAL_MS = [1_000, 2_000, 5_000, 15_000];
/** Each attempt is a connection to another machine, which may be out of reach for a day. */
const REMOTE_MS = [2_000, 5_000, 15_000, 60_000, 300_000];
/** The longest that a timer can wait. */
const FOREVER_MS = 2 ** 31 - 1;

/**
 * How long to wait before an engine is looked for again.
 *
 * @param failures how many there were in a row, from 1
 * @param error the last of them, where one was found out
 * @returns milliseconds
 */
export function pauseBeforeRetry(failures: number, error: unknown): number {
  const unavailable = error instanceof EngineUnavailableError ? error : undefined;
  // A machine that has refused a login would only be annoyed by more of them, and may lock its user out.
  if (unavailable?.action === "login") {
    return FOREVER_MS;
  }
  const attempts = unavailable?.attempts ?? [];
  const isRemote = attempts.length > 0 && attempts.every(({ address }) => /^(?:ssh|tcp|https?):/.test(address));
  const pauses = isRemote ? REMOTE_MS : LOCAL_MS;
  return pauses[Math.min(failures, pauses.length) - 1] ?? 0;
}
