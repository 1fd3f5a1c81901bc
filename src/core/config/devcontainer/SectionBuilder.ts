import type { z } from "zod";

/**
 * Puts a section of slipway.json together from pieces: lists grow, records and what they hold are laid over each other.
 * What the schema does not take is left out.
 */
export class SectionBuilder<S extends object> {
  private readonly merged = new Map<string, unknown>();

  constructor(private readonly schema: z.ZodType<S>) {}

  /** @returns what is wrong with the piece, without a place; undefined where it was taken. */
  take(piece: S): string | undefined {
    const parsed = this.schema.safeParse(piece);
    if (!parsed.success) {
      return messageOf(parsed.error.issues);
    }
    for (const [key, value] of Object.entries(parsed.data)) {
      this.merged.set(key, merge(this.merged.get(key), value));
    }
    return undefined;
  }

  /** @returns the section, or what is wrong with its pieces together. */
  build(): { readonly section: S } | { readonly problem: string } {
    const parsed = this.schema.safeParse(Object.fromEntries(this.merged));
    return parsed.success ? { section: parsed.data } : { problem: messageOf(parsed.error.issues) };
  }
}

function merge(earlier: unknown, later: unknown): unknown {
  if (Array.isArray(earlier) && Array.isArray(later)) {
    const before: readonly unknown[] = earlier;
    const after: readonly unknown[] = later;
    return [...before, ...after.filter((value) => !before.includes(value))];
  }
  return isRecord(earlier) && isRecord(later) ? { ...earlier, ...later } : later;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** zod's first words about a piece that has the right types in any case. */
function messageOf(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues;
  if (issue === undefined) {
    return "is not one that Slipway can take";
  }
  switch (issue.code) {
    case "invalid_union":
      return messageOf(issue.errors.findLast((each) => each.some(({ code }) => code !== "invalid_type")) ?? []);
    case "invalid_key":
      return messageOf(issue.issues);
    default:
      return issue.message;
  }
}
