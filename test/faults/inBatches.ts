/** Does something `count` times, this many at the same time. The first failure ends it. */
export async function inBatches(
  count: number,
  atOnce: number,
  action: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(count, atOnce) }, async () => {
      while (next < count) {
        try {
          await action(next++);
        } catch (error) {
          next = count;
          throw error;
        }
      }
    }),
  );
}
