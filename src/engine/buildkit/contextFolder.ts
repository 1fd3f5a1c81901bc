import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { ContextChangedError } from "../../core/errors/imageErrors";
import type { BuildContext, ContextEntry } from "../../core/ports/BuildContext";
import { GO_MODE, type FileStat } from "./fsutilPacket";
import { isOfKind } from "../context/isOfKind";
import { readVerified } from "../context/readVerified";
import { sortedByPath, type SharedEntry, type SharedFolder } from "./SharedFolder";

/** Looking at many files at once keeps the threads of Node's file calls busy. */
const LOOKS_AT_ONCE = 64;

/**
 * The context's entries, with the modification times that they have now. Rejects with ContextChangedError when an entry
 * is not of the kind any more that was fingerprinted, and with `signal.reason` when aborted.
 */
export async function contextFolder({ root, entries }: BuildContext, signal?: AbortSignal): Promise<SharedFolder> {
  const sorted = sortedByPath(entries, ({ path }) => path);
  const shared: SharedEntry[] = [];
  for (let start = 0; start < sorted.length; start += LOOKS_AT_ONCE) {
    signal?.throwIfAborted();
    const some = sorted.slice(start, start + LOOKS_AT_ONCE);
    shared.push(...(await Promise.all(some.map(async (entry) => sharedEntry(root, entry)))));
  }
  return shared;
}

async function sharedEntry(root: string, entry: ContextEntry): Promise<SharedEntry> {
  const file = join(root, entry.path);
  const stats = await lstat(file, { bigint: true }).catch(() => undefined);
  if (stats === undefined || !isOfKind(stats, entry.kind)) {
    throw new ContextChangedError(entry.path);
  }
  const stat = statOf(entry, entry.kind === "file" ? timeFor(entry.sha256, stats.mtimeNs) : stats.mtimeNs);
  return entry.kind === "file" ? { stat, content: () => readVerified(file, entry) } : { stat };
}

/** Go keeps setuid, setgid and sticky elsewhere than POSIX does (io/fs.FileMode). */
function goMode(mode: number): number {
  return (
    (mode & 0o777) +
    (mode & 0o4000 ? GO_MODE.setuid : 0) +
    (mode & 0o2000 ? GO_MODE.setgid : 0) +
    (mode & 0o1000 ? GO_MODE.sticky : 0)
  );
}

const MILLISECOND_NS = 1_000_000n;

/**
 * The daemon keeps a copy of the context and takes a file of the same size and modification time for unchanged. Both
 * can be the same for another content (archives, rsync and "touch -r" set times), which must never make an image of an
 * old file. So what is below the millisecond comes from the content.
 */
function timeFor(sha256: string, mtimeNs: bigint): bigint {
  return mtimeNs - (mtimeNs % MILLISECOND_NS) + (BigInt(`0x${sha256.slice(0, 12)}`) % MILLISECOND_NS);
}

function statOf(entry: ContextEntry, modTime: bigint): FileStat {
  const common = { path: entry.path, size: 0, modTime, linkname: "" };
  switch (entry.kind) {
    case "file":
      return { ...common, mode: goMode(entry.mode), size: entry.size };
    case "directory":
      return { ...common, mode: GO_MODE.directory + goMode(entry.mode) };
    case "symlink":
      // The size is compared with what lstat says of the builder's own copy.
      return {
        ...common,
        mode: GO_MODE.symlink + 0o777,
        size: Buffer.byteLength(entry.target),
        linkname: entry.target,
      };
    case "fifo":
      return { ...common, mode: GO_MODE.fifo + goMode(entry.mode) };
  }
}
