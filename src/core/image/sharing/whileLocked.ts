import type { BuildLock, LockEvent } from "./BuildLock";

export interface WhileLockedOptions<TEvent> {
  readonly lock: BuildLock;
  /** See BuildLock.acquire. */
  readonly key: string;
  readonly signal?: AbortSignal | undefined;
  /** How it is told that somebody else is waited for, or that there is no lock. */
  readonly toEvent: (event: LockEvent) => TEvent;
}

/**
 * Does the work while it holds the lock, and releases it however the work ends.
 *
 * @param work is told whether somebody else has held the lock meanwhile, and may have done the same work.
 */
export async function* whileLocked<TEvent, TResult>(
  { lock, key, signal, toEvent }: WhileLockedOptions<TEvent>,
  work: (waited: boolean) => AsyncGenerator<TEvent, TResult>,
): AsyncGenerator<TEvent, TResult> {
  const taking = lock.acquire(key, { signal });
  let next = await taking.next();
  while (next.done !== true) {
    yield toEvent(next.value);
    next = await taking.next();
  }
  const { waited, release } = next.value;
  try {
    return yield* work(waited);
  } finally {
    await release();
  }
}
