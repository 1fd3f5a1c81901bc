/**
 * The same error as an object of its own, for one of several who get it: what one of them adds to it is not seen by the
 * others. It is an instance of the same classes, with the same fields and the same stack.
 */
export function copyError(error: unknown): unknown {
  // A DOMException (an abort) answers only for itself, and cannot be changed anyway.
  if (!(error instanceof Error) || error instanceof DOMException) {
    return error;
  }
  const copy = Object.create(
    Object.getPrototypeOf(error) as object | null,
    Object.getOwnPropertyDescriptors(error),
  ) as Error;
  // Newer engines read it from the original object only.
  Object.defineProperty(copy, "stack", { value: error.stack, writable: true, configurable: true, enumerable: false });
  return copy;
}
