import type { z } from "zod";

/** What the reader of a value says of one that it cannot read: the end of a sentence, or several. */
export interface Unreadable {
  readonly problem: string;
}

export function isUnreadable(read: unknown): read is Unreadable {
  return typeof read === "object" && read !== null && "problem" in read;
}

/** For zod's superRefine: a value is valid where `read` can read it. */
export function checkedBy<V>(read: (value: V) => unknown): (value: V, context: z.core.$RefinementCtx<V>) => void {
  return (value, context) => {
    const result = read(value);
    if (isUnreadable(result)) {
      context.addIssue({ code: "custom", message: result.problem });
    }
  };
}

/** What was read of a value that the schema has checked by the same reader. */
export function readable<T>(read: T | Unreadable): T {
  if (isUnreadable(read)) {
    throw new Error(`The schema let through what cannot be read: ${read.problem}`);
  }
  return read;
}
