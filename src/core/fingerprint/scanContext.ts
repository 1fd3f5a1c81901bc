import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { IgnoreMatcher, MatchResult } from "../dockerignore/IgnoreMatcher";
import { messageOf } from "../errors/ExpectedError";
import { BuildContextError, ContextChangedError } from "../errors/imageErrors";
import type { ContextEntry } from "../ports/BuildContext";

export interface ScanOptions {
  /** Absolute path of the context's folder. */
  readonly root: string;
  readonly ignore: IgnoreMatcher;
  readonly signal?: AbortSignal | undefined;
}

/** How long the event loop is kept busy at a time, in milliseconds. */
const SLICE_MS = 8;
const CHUNK_BYTES = 1 << 20;
/** Should something else have taken the file's place meanwhile: a FIFO would be waited for, a link followed. */
const READ_FILE = process.platform === "win32" ? "r" : constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * Walks the context and hashes what .dockerignore leaves of it: folders before what is in them, names in the order of
 * their UTF-8 bytes. Ignored folders are not entered unless an exception may lie in them; a folder that is ignored
 * itself is listed only when something in it is not (BuildKit's rule). Sockets are left out, as BuildKit does.
 *
 * Node's asynchronous file calls take several times as long on many small files, so the calls are synchronous, in
 * slices between which the event loop runs.
 */
export async function scanContext({ root, ignore, signal }: ScanOptions): Promise<readonly ContextEntry[]> {
  signal?.throwIfAborted();
  const entries: ContextEntry[] = [];
  const steps = walk({ root, ignore, entries, buffer: Buffer.allocUnsafe(CHUNK_BYTES) });
  let sliceEnd = performance.now() + SLICE_MS;
  try {
    while (steps.next().done !== true) {
      if (performance.now() >= sliceEnd) {
        await setImmediate();
        sliceEnd = performance.now() + SLICE_MS;
        signal?.throwIfAborted();
      }
    }
    return entries;
  } finally {
    // Closes the file that an abort comes in the middle of; after the end this does nothing.
    steps.return(undefined);
  }
}

interface Walk {
  readonly root: string;
  readonly ignore: IgnoreMatcher;
  readonly entries: ContextEntry[];
  readonly buffer: Buffer;
}

/** An ignored folder on the way down, to be listed as soon as something in it turns out to count. */
interface PendingFolder {
  readonly entry: ContextEntry;
  listed: boolean;
}

/** Each step is one entry, or one piece of a large file. */
function* walk(
  state: Walk,
  folder = "",
  parent?: MatchResult,
  pending: readonly PendingFolder[] = [],
): Generator<void> {
  for (const { text, valid } of sortedNames(state.root, folder)) {
    const path = folder === "" ? text : `${folder}/${text}`;
    const match = state.ignore.match(path, parent);
    if (!valid) {
      if (match.ignored) {
        continue;
      }
      throw new BuildContextError(
        path,
        "the file's name is not valid UTF-8. Rename it, or ignore it in .dockerignore.",
      );
    }
    const stats = onFile(path, () => lstatSync(join(state.root, path)));
    if (stats.isDirectory()) {
      const self: PendingFolder = { entry: { kind: "directory", path, mode: permissions(stats) }, listed: false };
      const chain = [...pending, self];
      if (!match.ignored) {
        list(state.entries, chain);
      }
      if (!match.ignored || state.ignore.mayContainExceptions(path)) {
        yield* walk(state, path, match, match.ignored ? chain : []);
      }
    } else if (!match.ignored) {
      const entry = yield* readEntry(state, path, stats);
      if (entry !== undefined) {
        list(state.entries, pending);
        state.entries.push(entry);
      }
    }
    yield;
  }
}

function list(entries: ContextEntry[], folders: readonly PendingFolder[]): void {
  for (const folder of folders) {
    if (!folder.listed) {
      folder.listed = true;
      entries.push(folder.entry);
    }
  }
}

interface Name {
  readonly text: string;
  /** What is not UTF-8 would reach the builder under another name than it has. */
  readonly valid: boolean;
}

function sortedNames(root: string, folder: string): readonly Name[] {
  const names = onFile(folder === "" ? root : folder, () => readdirSync(join(root, folder), { encoding: "buffer" }));
  return names
    .sort((a, b) => Buffer.compare(a, b))
    .map((bytes) => {
      const text = bytes.toString("utf8");
      return { text, valid: Buffer.from(text).equals(bytes) };
    });
}

function* readEntry(state: Walk, path: string, stats: Stats): Generator<void, ContextEntry | undefined> {
  if (stats.isFile()) {
    return yield* hashFile(state, path);
  }
  if (stats.isSymbolicLink()) {
    return { kind: "symlink", path, target: readTarget(state.root, path) };
  }
  if (stats.isFIFO()) {
    return { kind: "fifo", path, mode: permissions(stats) };
  }
  if (stats.isSocket()) {
    return undefined;
  }
  throw new BuildContextError(path, "devices cannot be sent to a builder. Ignore it in .dockerignore.");
}

function readTarget(root: string, path: string): string {
  const bytes = onFile(path, () => readlinkSync(join(root, path), { encoding: "buffer" }));
  const target = bytes.toString("utf8");
  if (!Buffer.from(target).equals(bytes)) {
    throw new BuildContextError(
      path,
      "the link's target is not valid UTF-8. Make another link, or ignore it in .dockerignore.",
    );
  }
  return target;
}

function* hashFile(state: Walk, path: string): Generator<void, ContextEntry> {
  const file = onFile(path, () => openSync(join(state.root, path), READ_FILE));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) {
      throw new ContextChangedError(path);
    }
    const hash = createHash("sha256");
    let size = 0;
    for (;;) {
      const length = onFile(path, () => readSync(file, state.buffer, 0, CHUNK_BYTES, null));
      size += length;
      hash.update(state.buffer.subarray(0, length));
      // A regular file gives less than was asked for only at its end.
      if (length < CHUNK_BYTES) {
        break;
      }
      yield;
    }
    if (size !== stats.size && stats.size !== 0) {
      throw new ContextChangedError(path);
    }
    return { kind: "file", path, mode: permissions(stats), size, sha256: hash.digest("hex") };
  } finally {
    closeSync(file);
  }
}

/** With setuid, setgid and sticky. Windows has no such bits; docker's own client sends 0755 for everything there. */
function permissions(stats: Stats): number {
  return process.platform === "win32" ? 0o755 : stats.mode & 0o7777;
}

/** What comes of a file that was there when its folder was listed: it was removed, or something else took its place. */
const GONE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENXIO"]);

function onFile<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (GONE.has((error as NodeJS.ErrnoException).code ?? "")) {
      throw new ContextChangedError(path);
    }
    throw new BuildContextError(
      path,
      `cannot be read (${messageOf(error)}). Make it readable, or ignore it in .dockerignore.`,
      { cause: error },
    );
  }
}
