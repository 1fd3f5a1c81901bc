/** What is sent to an engine, of which it is known afterwards whether reading it failed: that is not the engine's fault. */
export class WatchedBody {
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly chunks: AsyncIterable<Uint8Array>) {}

  async *read(onChunk: () => void): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.chunks) {
        onChunk();
        yield chunk;
      }
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }

  throwIfFailed(): void {
    if (this.failure !== undefined) {
      throw this.failure.error;
    }
  }
}
