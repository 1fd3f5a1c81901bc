/** The same, but made only when it is first asked for; everybody gets that one, a failure included. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return async () => {
    made ??= make();
    return made;
  };
}
