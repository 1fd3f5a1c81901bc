import type { Unreadable } from "./checkedBy";

const FORM = /^(?<number>\d+(?:\.\d+)?) ?(?:(?<unit>[kmgt])i?)?b?$/i;
const POWERS = ["", "k", "m", "g", "t"];

/**
 * Reads a size as the docker CLI does: "512m", "2g", "1.5gb" (b, k, m, g, t; powers of 1024) or a number of bytes.
 *
 * @returns whole bytes, or what is wrong with it.
 */
export function parseSize(value: string | number): number | Unreadable {
  const groups = FORM.exec(String(value).trim())?.groups;
  const bytes = Math.floor(
    Number(groups?.["number"] ?? NaN) * 1024 ** POWERS.indexOf((groups?.["unit"] ?? "").toLowerCase()),
  );
  return Number.isSafeInteger(bytes) && bytes > 0
    ? bytes
    : { problem: `${JSON.stringify(value)} is not a size. Write "512m", "2g" or a number of bytes.` };
}

/** The least that Docker takes; a container has no use for less. */
const LEAST_MEMORY = 6 * 1024 ** 2;

/** The same for a container's memory. */
export function parseMemory(value: string | number): number | Unreadable {
  const bytes = parseSize(value);
  return typeof bytes === "number" && bytes < LEAST_MEMORY
    ? { problem: `${JSON.stringify(value)} is too little for a container: 6m is the least.` }
    : bytes;
}
