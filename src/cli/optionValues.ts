import { parseDuration } from "../core/config/parseDuration";
import { RELABELS, type Relabel } from "./CliCommand";
import { UsageError } from "./UsageError";

/** A whole number from 0 on. Throws UsageError. */
export function countOf(flag: string, value: boolean | string, what: string): number {
  if (typeof value !== "string" || !/^\d{1,6}$/.test(value)) {
    throw new UsageError(`${flag} wants the number of ${what}, 0 or more, not "${String(value)}".`);
  }
  return Number(value);
}

/** A time such as "90s", in milliseconds. Throws UsageError. */
export function durationOf(flag: string, value: string): number {
  const parsed = parseDuration(value);
  if (typeof parsed !== "number") {
    throw new UsageError(`${flag} "${value}": ${parsed.problem.replace(/\.$/, "")}.`);
  }
  return parsed;
}

/** How long stopping may take, in whole seconds. Throws UsageError. */
export function graceOf(value: string | undefined): number | undefined {
  return value === undefined ? undefined : countOf("--time", value, "seconds");
}

/**
 * A moment, in milliseconds since 1970: written as a date ("2026-11-27", "2026-11-27T09:12:00Z"), or as the time that has
 * passed since ("10m"). Throws UsageError.
 */
export function pastOf(value: string, now: number): number {
  const date = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? now - durationOf("--since", value) : date;
}

/** Throws UsageError. */
export function relabelOf(value: string | undefined): Relabel | undefined {
  const relabel = RELABELS.find((known) => known === value);
  if (value !== undefined && relabel === undefined) {
    throw new UsageError(`--selinux-relabel is "shared" or "private", not "${value}".`);
  }
  return relabel;
}
