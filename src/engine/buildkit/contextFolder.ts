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
    const { mtimeMs = statsOfKind(join(root, entry.path), entry).mtimeMs } = entry;
    shared.push(new SharedContextEntry(root, entry, mtimeMs));
    if (slice.isOver()) {
      await slice.next();
      signal?.throwIfAborted();
    }
  }
  return shared;
}

/** Says what there is to say only when it is asked, which is once at most: that of all entries at once takes memory. */
class SharedContextEntry implements SharedEntry, FileStat {
  constructor(
    private readonly root: string,
    private readonly entry: SentEntry,
    private readonly mtimeMs: number,
  ) {}

  get stat(): FileStat {
    return this;
  }

  get path(): string {
    return this.entry.path;
  }

  get mode(): number {
    const { entry } = this;
    switch (entry.kind) {
      case "file":
        return goMode(entry.mode);
      case "directory":
        return GO_MODE.directory + goMode(entry.mode);
      case "symlink":
        return GO_MODE.symlink + 0o777;
      case "fifo":
        return GO_MODE.fifo + goMode(entry.mode);
    }
  }

  get size(): number {
    const { entry } = this;
    switch (entry.kind) {
      case "file":
        return entry.size;
      case "symlink":
        // It is compared with what lstat says of the builder's own copy.
        return Buffer.byteLength(entry.target);
      case "directory":
      case "fifo":
        return 0;
    }
  }

  get modTime(): bigint {
    return modTimeFor(this.entry, this.mtimeMs);
  }

  get linkname(): string {
    return this.entry.kind === "symlink" ? this.entry.target : "";
  }

  get content(): (() => AsyncIterable<Uint8Array>) | undefined {
    const { root, entry } = this;
    return entry.kind === "file" ? () => readVerified(join(root, entry.path), entry) : undefined;
  }

  get whole(): (() => Uint8Array) | undefined {
    const { root, entry } = this;
    return entry.kind === "file" && entry.size <= SMALL_BYTES
      ? () => readSmallVerified(join(root, entry.path), entry)
      : undefined;
  }
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
