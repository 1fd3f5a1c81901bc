/** Wakes all who wait for something to change; they look for themselves whether it is what they wait for. */
export class Pulse {
  private readonly waiting = new Set<() => void>();

  beat(): void {
    for (const wake of [...this.waiting]) {
      wake();
    }
  }

  /** Resolves with the next beat, or when the signal is aborted. */
  async wait(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) {
      return;
    }
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.waiting.add(wake);
      signal?.addEventListener("abort", wake);
    });
  }
}
