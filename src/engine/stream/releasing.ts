/**
 * The same generator, whose `return` calls `release` first: one that was never begun runs no `finally` of its own, and what
 * it was to read would stay open.
 */
export function releasing<T>(generator: AsyncGenerator<T>, release: () => unknown): AsyncGenerator<T> {
  const leave = generator.return.bind(generator);
  return Object.assign(generator, {
    return: async (value: unknown) => {
      await release();
      return leave(value);
    },
  });
}

/** What lets go of the source of a generator. */
export async function leave(source: AsyncIterable<unknown>): Promise<void> {
  await source[Symbol.asyncIterator]().return?.();
}
