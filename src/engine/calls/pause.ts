import { setTimeout } from "node:timers/promises";

/** Waits, or rejects with `signal.reason`: Node's own rejects with an error of its own that has the reason as its cause. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
