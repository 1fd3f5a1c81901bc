import type { FileStat } from "./fsutilPacket";

/** One entry of a folder that the builder may ask for. */
export interface SharedEntry {
  readonly stat: FileStat;
  /** A regular file's content, in pieces that are only good until the next is asked for. Absent for all others. */
  readonly content?: () => AsyncIterable<Uint8Array>;
}

/** A folder under the name by which the builder asks for it: in the order of comparePaths, folders before their content. */
export type SharedFolder = readonly SharedEntry[];

/**
 * Sorts as BuildKit walks: by the UTF-8 bytes of names, folder by folder, so that "a/b" comes before "a-b" (ComparePath
 * of tonistiigi/fsutil). It refuses a list in another order.
 */
export function sortedByPath<T>(values: readonly T[], pathOf: (value: T) => string): readonly T[] {
  return values
    .map((value) => ({ value, key: Buffer.from(pathOf(value).replaceAll("/", "\0")) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ value }) => value);
}
