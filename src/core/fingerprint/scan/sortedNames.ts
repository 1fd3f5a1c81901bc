import type { FileCalls } from "./FileCalls";
import { comparePaths } from "./comparePaths";

export interface FolderName {
  readonly text: string;
  /** What is not UTF-8 would reach the builder under another name than it has. */
  readonly valid: boolean;
}

const REPLACEMENT = "\uFFFD";
/** Names with nothing above it are in the same order as UTF-16 and as UTF-8. */
const HIGH = /[\uD800-\uFFFF]/;

/** The names in a folder, in the order of their UTF-8 bytes. Throws as readdirSync does. */
export function sortedNames(calls: FileCalls, folder: string): readonly FolderName[] {
  const names = calls.readNames(folder);
  if (names.some((name) => name.includes(REPLACEMENT))) {
    // Either it is in the name, or it stands for what is not UTF-8: only the bytes tell.
    return calls
      .readNameBytes(folder)
      .sort((a, b) => Buffer.compare(a, b))
      .map((bytes) => {
        const text = bytes.toString("utf8");
        return { text, valid: Buffer.from(text).equals(bytes) };
      });
  }
  const sorted = names.some((name) => HIGH.test(name)) ? names.sort(comparePaths) : names.sort();
  return sorted.map((text) => ({ text, valid: true }));
}
