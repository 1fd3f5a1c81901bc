import { constants, type Stats } from "node:fs";
import { ENTRY_KIND, isTrustedAt, kindAt } from "../ContextTable";
import type { FileCalls } from "../FileCalls";
import { permissions } from "../permissions";
import type { RecordedEntries } from "../statCacheFormat";

/** What entries are compared with. */
export interface VerifiedContext {
  /** Absolute path of its folder. */
  readonly root: string;
  /** The file system (st_dev) that its folders were on. */
  readonly device: number;
}

const TYPES: Readonly<Record<number, number>> = {
  [ENTRY_KIND.file]: constants.S_IFREG,
  [ENTRY_KIND.directory]: constants.S_IFDIR,
  [ENTRY_KIND.symlink]: constants.S_IFLNK,
  [ENTRY_KIND.fifo]: constants.S_IFIFO,
};

/**
 * Whether an entry is what it was when it was recorded, by its times and inode: then a file has the same content, a link
 * leads to the same, and in a folder there are the same names, which stand for the same. One lstat; what that fails with
 * is a difference.
 */
export function isAsRecorded(
  { root, device }: VerifiedContext,
  entries: RecordedEntries,
  index: number,
  calls: FileCalls,
): boolean {
  let stats: Stats;
  try {
    // The context itself has the path "", and with a slash at its end it is not the link that may lead to it.
    stats = calls.lstat(`${root}/${entries.pathAt(index)}`);
  } catch {
    return false;
  }
  const kind = kindAt(entries, index);
  if ((stats.mode & constants.S_IFMT) !== TYPES[kind]) {
    return false;
  }
  const isFolder = kind === ENTRY_KIND.directory;
  if (index >= entries.listed && !isFolder) {
    // It is left out for what it is, not for what is in it.
    return true;
  }
  return (
    isTrustedAt(entries, index) &&
    entries.mtimes[index] === stats.mtimeMs &&
    entries.ctimes[index] === stats.ctimeMs &&
    entries.inodes[index] === stats.ino &&
    (kind !== ENTRY_KIND.file || entries.sizes[index] === stats.size) &&
    (kind === ENTRY_KIND.symlink || entries.modes[index] === permissions(stats)) &&
    (!isFolder || stats.dev === device)
  );
}
