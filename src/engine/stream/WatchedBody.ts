/** What is sent to an engine, of which it is known afterwards whether reading it failed: that is not the engine's fault. */
export class WatchedBody {
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly chunks: AsyncIterable<Uint8Array>) {}

  async *read(onChunk: () => void): AsyncGenerator<Uint8Array> {
    const iterator = this.chunks[Symbol.asyncIterator]();
    try {
      for (let next = await this.next(iterator); next.done !== true; next = await this.next(iterator)) {
        onChunk();
        // A stream that is destroyed throws its own error in here (Readable.from), which is no failure of the chunks.
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  throwIfFailed(): void {
    if (this.failure !== undefined) {
      throw this.failure.error;
    }
  }

  private async next(iterator: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
    try {
      return await iterator.next();
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}
