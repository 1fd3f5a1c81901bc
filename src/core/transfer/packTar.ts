import type { Stats } from "node:fs";
import type { Pack } from "tar-stream";
import { drained } from "../drained";
import { fedTar } from "../fedTar";
import { TimeSlices } from "../TimeSlices";
import { openLargeFile, readSmallFile } from "./readForTar";
import type { FileOwner } from "./TransferEvent";

/** Something to be put into a tar. Names are relative, with "/". */
export type PackedEntry =
  | {
      readonly kind: "file";
      readonly name: string;
      /** Permission bits with setuid, setgid and sticky. */
      readonly mode: number;
      readonly mtimeMs: number;
      /** Where it is on this machine, absolute. */
      readonly file: string;
    }
  | { readonly kind: "directory"; readonly name: string; readonly mode: number; readonly mtimeMs: number }
  | { readonly kind: "symlink"; readonly name: string; readonly target: string; readonly mtimeMs: number };

export interface PackOptions {
  /** Undefined is root. */
  readonly owner: FileOwner | undefined;
  /** Called for each entry that has got into the tar; with what was read of a file. */
  readonly onPacked?: (entry: PackedEntry, read: Stats | undefined) => void;
}

/** The highest number that a header of a tar has room for, as tar-stream writes it; more goes into an extra record. */
const MOST_ID = 0o777777;
/** In seconds: tar-stream writes 32 bits with a sign. */
const LATEST = 0x7fffffff;

/**
 * A tar, not compressed, made while it is read. A file that is gone by then is left out; one that grows meanwhile is packed
 * as long as it was when it was opened. Rejects with CopyInError when one cannot be read, or becomes shorter.
 */
export function packTar(
  entries: Iterable<PackedEntry> | AsyncIterable<PackedEntry>,
  options: PackOptions,
): AsyncGenerator<Uint8Array> {
  return fedTar(async (tar) => feed(tar, entries, options));
}

async function feed(
  tar: Pack,
  entries: Iterable<PackedEntry> | AsyncIterable<PackedEntry>,
  { owner, onPacked }: PackOptions,
): Promise<void> {
  const slices = new TimeSlices(1);
  for await (const entry of entries) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    if (tar.destroyed) {
      return;
    }
    const common = { ...ownership(owner), mtime: timeOf(entry) };
    switch (entry.kind) {
      case "directory":
        await added((done) =>
          tar.entry({ name: `${entry.name}/`, type: "directory", mode: modeOf(entry), ...common }, done),
        );
        onPacked?.(entry, undefined);
        break;
      case "symlink":
        await added((done) =>
          tar.entry({ name: entry.name, type: "symlink", linkname: entry.target, mode: 0o777, ...common }, done),
        );
        onPacked?.(entry, undefined);
        break;
      case "file": {
        const read = await packFile(tar, entry, common);
        if (read !== undefined) {
          onPacked?.(entry, read);
        }
      }
    }
  }
}

type FileEntry = PackedEntry & { readonly kind: "file" };
type Common = ReturnType<typeof ownership> & { readonly mtime: Date };

/** @returns undefined where there is no file any more. */
async function packFile(tar: Pack, entry: FileEntry, common: Common): Promise<Stats | undefined> {
  const header = { name: entry.name, type: "file" as const, mode: modeOf(entry), ...common };
  const small = readSmallFile(entry.file);
  if (small !== "large") {
    if (small !== undefined) {
      await added((done) => tar.entry(header, small.content, done));
    }
    return small?.stats;
  }
  const large = await openLargeFile(entry.file);
  try {
    if (large !== undefined) {
      await addedInPieces(tar, { ...header, size: large.stats.size }, large.pieces);
    }
    return large?.stats;
  } finally {
    await large?.close();
  }
}

async function addedInPieces(
  tar: Pack,
  header: Parameters<Pack["entry"]>[0],
  pieces: AsyncIterable<Buffer>,
): Promise<void> {
  let sink: ReturnType<Pack["entry"]> | undefined;
  const written = added((done) => {
    sink = tar.entry(header, done);
    return sink;
  });
  // Awaited below; until then a failure of the whole tar must not count as unhandled.
  written.catch(() => undefined);
  for await (const piece of pieces) {
    if (sink?.destroyed !== false) {
      break;
    }
    if (!sink.write(piece)) {
      await drained(sink);
    }
  }
  sink?.end(undefined);
  await written;
}

async function added(add: (done: (error?: Error | null) => void) => ReturnType<Pack["entry"]>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const sink = add((error) => {
      if (error) {
        reject(error);
      } else {
        resolve();
      }
    });
    // The callback tells the same; without a listener it would count as uncaught.
    sink.on("error", () => undefined);
  });
}

/** tar-stream takes 0 as "not given" and keeps only the lowest twelve bits, so one above them says that it is. */
function modeOf({ mode }: { readonly mode: number }): number {
  return mode | 0o10000;
}

function ownership({ uid, gid }: FileOwner = { uid: 0, gid: 0 }): { uid: number; gid: number; pax?: unknown } {
  return uid > MOST_ID || gid > MOST_ID ? { uid, gid, pax: { uid: String(uid), gid: String(gid) } } : { uid, gid };
}

function timeOf({ mtimeMs }: PackedEntry): Date {
  return new Date(Math.min(Math.max(0, mtimeMs), LATEST * 1000));
}
