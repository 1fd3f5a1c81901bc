import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { messageOf } from "../errors/ExpectedError";
import { CopyInError } from "../errors/transferErrors";

/** Reading so much at once takes a fraction of a millisecond; Node's asynchronous calls take several times as long. */
const SMALL_BYTES = 1 << 16;
const PIECE_BYTES = 1 << 18;
/** A FIFO or a link that has taken a file's place is neither waited for nor followed. Windows knows neither flag. */
const READ_FLAGS =
  constants.O_RDONLY |
  ((constants.O_NONBLOCK as number | undefined) ?? 0) |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0);
/** What opening a file says when there is none any more, or something else in its place. */
const GONE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "EMLINK", "EISDIR"]);

/**
 * The content of a file that is not large, as it is at this moment; undefined where there is no file any more. Throws
 * CopyInError when it cannot be read.
 */
export function readSmallFile(file: string): { readonly content: Buffer; readonly stats: Stats } | "large" | undefined {
  return onFile(file, () => {
    const descriptor = openSync(file, READ_FLAGS);
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile()) {
        return undefined;
      }
      if (stats.size > SMALL_BYTES) {
        return "large";
      }
      const content = Buffer.allocUnsafe(stats.size);
      let length = 0;
      for (let read = -1; read !== 0 && length < content.length; length += read) {
        read = readSync(descriptor, content, length, content.length - length, null);
      }
      // What has become shorter is packed as it is now.
      return { content: content.subarray(0, length), stats };
    } finally {
      closeSync(descriptor);
    }
  });
}

export interface LargeFile {
  /** As it was opened; so much is read of it. */
  readonly stats: Stats;
  /** Rejects with CopyInError when it becomes shorter. */
  readonly pieces: AsyncIterable<Buffer>;
  readonly close: () => Promise<void>;
}

/** @returns undefined where there is no file any more. Rejects with CopyInError when it cannot be opened. */
export async function openLargeFile(file: string): Promise<LargeFile | undefined> {
  try {
    const handle = await open(file, READ_FLAGS);
    const stats = await handle.stat();
    if (stats.isFile()) {
      return { stats, pieces: piecesOf(file, handle, stats.size), close: async () => handle.close() };
    }
    await handle.close();
    return undefined;
  } catch (error) {
    if (isGone(error)) {
      return undefined;
    }
    throw unreadable(file, error);
  }
}

async function* piecesOf(file: string, handle: Awaited<ReturnType<typeof open>>, size: number): AsyncGenerator<Buffer> {
  for (let left = size; left > 0;) {
    // A buffer for each piece: the tar keeps it until it is read.
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, left));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null).catch((error: unknown) => {
      throw unreadable(file, error);
    });
    if (bytesRead === 0) {
      throw new CopyInError(file, "it became shorter while it was copied. Run this again once nothing writes to it.");
    }
    left -= bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function onFile<T>(file: string, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (isGone(error)) {
      return undefined;
    }
    throw unreadable(file, error);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && GONE.has(String(error.code));
}

function unreadable(file: string, error: unknown): CopyInError {
  const detail = `it cannot be read (${messageOf(error)}). Make it readable, or leave it out.`;
  return new CopyInError(file, detail, { cause: error });
}
