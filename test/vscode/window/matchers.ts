/** A text is looked for anywhere in what is shown. */
export type Matcher = string | RegExp;

export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Nothing but this text. */
export function whole(text: string): RegExp {
  return new RegExp(`^\\s*${escaped(text)}\\s*$`);
}

/** Playwright takes a string without regard to case. */
export function toRegExp(matcher: Matcher): RegExp {
  return typeof matcher === "string" ? new RegExp(escaped(matcher)) : matcher;
}

export function matches(matcher: Matcher): (text: string) => boolean {
  return (text) => (typeof matcher === "string" ? text.includes(matcher) : matcher.test(text));
}

export function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

export function isNotEmpty<T>(values: readonly T[]): values is readonly T[] {
  return values.length > 0;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
