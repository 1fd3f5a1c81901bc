import { join } from "node:path";
import type { BuildContext, ContextEntry, SentEntry } from "../../core/ports/BuildContext";
import { readSmallVerified, SMALL_BYTES } from "../context/readSmallVerified";
import { readVerified } from "../context/readVerified";
import { statsOfKind } from "../context/statsOfKind";
import { TimeSlice } from "../context/TimeSlice";
import { GO_MODE, type FileStat } from "./fsutilPacket";
import { sortedByPath, type SharedEntry, type SharedFolder } from "./SharedFolder";

/**
 * The context's entries, with the modification times that the fingerprint's scan has seen; of entries without one, those
 * that they have now. Rejects with ContextChangedError when such an entry is not of the kind any more that was
 * fingerprinted, and with `signal.reason` when aborted.
 */
export async function contextFolder({ root, entries }: BuildContext, signal?: AbortSignal): Promise<SharedFolder> {
  const shared: SharedEntry[] = [];
  const slice = new TimeSlice();
  signal?.throwIfAborted();
  for (const entry of sortedByPath(entries, ({ path }) => path)) {
    shared.push(sharedEntry(root, entry));
    if (slice.isOver()) {
      await slice.next();
      signal?.throwIfAborted();
    }
  }
  return shared;
}

function sharedEntry(root: string, entry: SentEntry): SharedEntry {
  const file = join(root, entry.path);
  const mtimeMs = entry.mtimeMs ?? statsOfKind(file, entry).mtimeMs;
  const stat = statOf(entry, modTimeFor(entry, mtimeMs));
  if (entry.kind !== "file") {
    return { stat };
  }
  const content = (): AsyncIterable<Uint8Array> => readVerified(file, entry);
  return entry.size > SMALL_BYTES ? { stat, content } : { stat, content, whole: () => readSmallVerified(file, entry) };
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

const MILLISECOND_NS = 1_000_000;

/**
 * In nanoseconds. The daemon keeps a copy of the context and takes a file of the same size and modification time for
 * unchanged. Both can be the same for another content (archives, rsync and "touch -r" set times), which must never make
 * an image of an old file. So what is below the millisecond comes from the content.
 */
function modTimeFor(entry: ContextEntry, mtimeMs: number): bigint {
  const whole = Math.floor(mtimeMs);
  const below =
    entry.kind === "file"
      ? Number.parseInt(entry.sha256.slice(0, 12), 16) % MILLISECOND_NS
      : Math.floor((mtimeMs - whole) * MILLISECOND_NS);
  return BigInt(whole) * BigInt(MILLISECOND_NS) + BigInt(below);
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
