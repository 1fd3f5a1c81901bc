/** Waits for what goes on for others when this one does not want it any more. */
export async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await promise;
    return;
  }
  let abort: (() => void) | undefined;
  try {
    const aborted = new Promise<void>((resolve) => {
      abort = resolve;
      signal.addEventListener("abort", abort, { once: true });
    });
    await Promise.race([promise, aborted]);
    signal.throwIfAborted();
  } finally {
    if (abort !== undefined) {
      signal.removeEventListener("abort", abort);
    }
  }
}
