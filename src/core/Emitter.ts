/** Tells listeners of values. */
export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  /** @returns what ends the subscription. */
  on(listener: (value: T) => void): { dispose(): void } {
    this.listeners.add(listener);
    return {
      dispose: () => {
        this.listeners.delete(listener);
      },
    };
  }

  emit(value: T): void {
    for (const listener of [...this.listeners]) {
      listener(value);
    }
  }
}
