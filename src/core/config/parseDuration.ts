import type { Unreadable } from "./checkedBy";

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
/** A timer of Node that is longer fires at once: it counts milliseconds in 31 bits. */
const LONGEST_MS = 24 * UNITS.d;
const FORM =
  /^(?=.)(?:(?<d>\d+(?:\.\d+)?)d)?(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m)?(?:(?<s>\d+(?:\.\d+)?)s)?(?:(?<ms>\d+)ms)?$/;

/**
 * Reads "1h30m", "90s", "250ms" (units d, h, m, s and ms, each once at most and in this order, with decimals but for ms) or
 * a number, which is one of seconds.
 *
 * @returns whole milliseconds, 24 days at most; or what is wrong with it.
 */
export function parseDuration(value: string | number): number | Unreadable {
  const duration = Math.round(typeof value === "number" ? value * UNITS.s : durationOf(value.trim()));
  if (!(duration >= 0)) {
    return {
      problem: `${JSON.stringify(value)} is not a duration. Write "90s", "10m", "1h30m" or a number of seconds.`,
    };
  }
  return duration > LONGEST_MS ? { problem: `${JSON.stringify(value)} is too long: 24d is the most.` } : duration;
}

/** The same for something that is to end: not 0. */
export function parseTimeout(value: string | number): number | Unreadable {
  return parseDuration(value) === 0
    ? { problem: `${JSON.stringify(value)} leaves no time. Leave it out where there is to be no limit.` }
    : parseDuration(value);
}

/** NaN where it is none. */
function durationOf(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    return Number(text) * UNITS.s;
  }
  const groups = FORM.exec(text)?.groups;
  return groups === undefined
    ? NaN
    : Object.entries(UNITS).reduce((sum, [unit, length]) => sum + Number(groups[unit] ?? 0) * length, 0);
}
