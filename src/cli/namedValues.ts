import type { Environment } from "./Environment";
import { UsageError } from "./UsageError";

type Pair = readonly [string, string];

/** Throws UsageError for a name that objects cannot hold like any other: zod passes over it. */
export function record(entries: readonly Pair[]): Record<string, string> {
  if (entries.some(([name]) => name === "__proto__")) {
    throw new UsageError('"__proto__" cannot be a name.');
  }
  return Object.fromEntries(entries);
}

/** `NAME=VALUE`. As for docker, NAME alone has its value from the environment; it is left out where that has none. */
export function variableOf(text: string, env: Environment): readonly Pair[] {
  const pair = splitAt(text, "=");
  if (pair !== undefined || text === "") {
    return [pair ?? ["", ""]];
  }
  const value = Object.hasOwn(env, text) ? env[text] : undefined;
  return value === undefined ? [] : [[text, value]];
}

/** `NAME=VALUE`; NAME alone has the value "". */
export function labelOf(text: string): Pair {
  return splitAt(text, "=") ?? [text, ""];
}

/** `NAME:ADDRESS` or `NAME=ADDRESS`. An address of IPv6 may stand in brackets. */
export function hostOf(flag: string, text: string): Pair {
  const [name, address] = splitAt(text, "=") ?? splitAt(text, ":") ?? [];
  if (name === undefined || address === undefined) {
    throw new UsageError(`${flag} wants NAME:ADDRESS, not "${text}".`);
  }
  return [name, address.replace(/^\[(.*)\]$/, "$1")];
}

function splitAt(text: string, separator: string): Pair | undefined {
  const at = text.indexOf(separator);
  return at < 0 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}
