import type { z } from "zod";

/** A file's text as `shape` has it; undefined where there is none, where it is cut off, and where it is something else. */
export function parseJson<T>(shape: z.ZodType<T>, text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
