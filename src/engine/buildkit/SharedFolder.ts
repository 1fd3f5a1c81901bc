import type { FileStat } from "./fsutilPacket";

const SLASH = "/".charCodeAt(0);
const FIRST_SURROGATE = 0xd800;

/** One entry of a folder that the builder may ask for. */
export interface SharedEntry {
  readonly stat: FileStat;
  /** A regular file's content, in pieces that are only good until the next is asked for. Absent for all others. */
  readonly content?: (() => AsyncIterable<Uint8Array>) | undefined;
  /** The content of a small file at once, only good until any other's is asked for; it comes before `content`. */
  readonly whole?: (() => Uint8Array) | undefined;
}

/** A folder under the name by which the builder asks for it: in the order of comparePaths, folders before their content. */
export type SharedFolder = readonly SharedEntry[];

/**
 * Sorts as BuildKit walks: by the UTF-8 bytes of names, folder by folder, so that "a/b" comes before "a-b" (ComparePath
 * of tonistiigi/fsutil). It refuses a list in another order.
 */
export function sortedByPath<T>(values: readonly T[], pathOf: (value: T) => string): readonly T[] {
  if (isPlainlySorted(values, pathOf)) {
    return values;
  }
  return values
    .map((value) => ({ value, key: Buffer.from(pathOf(value).replaceAll("/", "\0")) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ value }) => value);
}

/** Whether they are sorted already, for certain: most often they are, and sorting many takes its time. */
function isPlainlySorted<T>(values: readonly T[], pathOf: (value: T) => string): boolean {
  let previous = "";
  return values.every((value) => {
    const path = pathOf(value);
    const sorted = isPlainlyBefore(previous, path);
    previous = path;
    return sorted;
  });
}

/** False also where that takes a closer look: UTF-16 and UTF-8 order surrogates differently. */
function isPlainlyBefore(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) {
      const isPlain = left < FIRST_SURROGATE && right < FIRST_SURROGATE;
      return isPlain && (left === SLASH || (right !== SLASH && left < right));
    }
  }
  return a.length < b.length;
}
