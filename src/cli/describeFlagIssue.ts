import type { z } from "zod";

/** What was given on the command line, by the names of slipway.json. */
export interface GivenFlags {
  readonly values: Readonly<Record<string, unknown>>;
  /** The option of each: "--tag". */
  readonly flagOf: (key: string) => string;
  /** Whose values are not to be shown: they may be secret. */
  readonly hidden: readonly string[];
}

/** What slipway.json's rules find wrong with a value, in the words of the command line. */
export function describeFlagIssue(issue: z.core.$ZodIssue, { values, flagOf, hidden }: GivenFlags): string {
  const [first, ...path] = issue.path;
  const key = String(first);
  const flag = flagOf(key);
  const sentence = (about: string, message = "is not valid"): string => `${about} ${message.replace(/\.$/, "")}.`;
  if (issue.code === "invalid_key") {
    return sentence(`${flag}: the name "${String(path.at(-1))}"`, issue.issues[0]?.message);
  }
  if (hidden.includes(key)) {
    return sentence(`${flag}:`, issue.message);
  }
  const value = path.reduce<unknown>((at, segment) => (at as Record<PropertyKey, unknown>)[segment], values[key]);
  return sentence(typeof value === "string" ? `${flag} "${value}":` : `${flag}:`, issue.message);
}
