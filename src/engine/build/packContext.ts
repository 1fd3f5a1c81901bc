import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { pack, type Pack } from "tar-stream";
import { BuildContextError, ContextChangedError, messageOf } from "../../core/errors";
import type { BuildContext, ContextEntry } from "../../core/ports/BuildContext";
import { drained } from "../stream/drained";

/** The name of the Dockerfile in the tar where it is not an ordinary file of the context. */
export const EXTRA_DOCKERFILE = ".slipway.Dockerfile";

export interface PackedContext {
  /** Uncompressed: on a local socket, compressing costs far more than it saves. */
  readonly tar: AsyncIterable<Uint8Array>;
  /** The Dockerfile's name in it. */
  readonly dockerfile: string;
}

/**
 * The context as a tar, made while it is read. Files carry the permissions that were fingerprinted, and root as their
 * owner as in every builder. Rejects with ContextChangedError when a file is not what it was when it was fingerprinted.
 */
export function packContext(context: BuildContext): PackedContext {
  const { pathInContext, content } = context.dockerfile;
  const digest = createHash("sha256").update(content).digest("hex");
  const inside = context.entries.some(
    (entry) => entry.kind === "file" && entry.path === pathInContext && entry.sha256 === digest,
  );
  const tar = pack();
  feed(tar, context, inside ? undefined : content).then(
    () => {
      tar.finalize();
    },
    (error: unknown) => {
      tar.destroy(error instanceof Error ? error : new Error(messageOf(error)));
    },
  );
  return {
    tar: tar as AsyncIterable<Uint8Array>,
    dockerfile: inside && pathInContext !== undefined ? pathInContext : EXTRA_DOCKERFILE,
  };
}

async function feed(tar: Pack, { root, entries }: BuildContext, dockerfile: Uint8Array | undefined): Promise<void> {
  for (const entry of entries) {
    await packEntry(tar, root, entry);
  }
  if (dockerfile !== undefined) {
    const header = { name: EXTRA_DOCKERFILE, mode: 0o644, size: dockerfile.length };
    await ended((done) => tar.entry(header, Buffer.from(dockerfile), done));
  }
}

async function packEntry(tar: Pack, root: string, entry: ContextEntry): Promise<void> {
  const file = join(root, entry.path);
  const stats = await lstat(file).catch(() => undefined);
  // Besides being another context: opening a FIFO that has taken a file's place would wait for ever.
  if (stats === undefined || !isOfKind(stats, entry.kind)) {
    throw new ContextChangedError(entry.path);
  }
  const owner = { mtime: stats.mtime, uid: 0, gid: 0 };
  switch (entry.kind) {
    case "directory":
      await ended((done) =>
        tar.entry({ name: `${entry.path}/`, type: "directory", mode: modeOf(entry), ...owner }, done),
      );
      return;
    case "symlink":
      await ended((done) =>
        tar.entry({ name: entry.path, type: "symlink", linkname: entry.target, mode: 0o777, ...owner }, done),
      );
      return;
    case "fifo":
      await ended((done) => tar.entry({ name: entry.path, type: "fifo", mode: modeOf(entry), ...owner }, done));
      return;
    case "file":
      await packFile(tar, file, entry, owner);
  }
}

function isOfKind(stats: Stats, kind: ContextEntry["kind"]): boolean {
  switch (kind) {
    case "file":
      return stats.isFile();
    case "directory":
      return stats.isDirectory();
    case "symlink":
      return stats.isSymbolicLink();
    case "fifo":
      return stats.isFIFO();
  }
}

async function packFile(
  tar: Pack,
  file: string,
  entry: ContextEntry & { readonly kind: "file" },
  owner: { readonly mtime: Date; readonly uid: number; readonly gid: number },
): Promise<void> {
  const { path, size, sha256 } = entry;
  const hash = createHash("sha256");
  let length = 0;
  let settle: ((error?: Error | null) => void) | undefined;
  const written = new Promise<void>((resolve, reject) => {
    settle = (error) => {
      if (error) {
        reject(error);
      } else {
        resolve();
      }
    };
  });
  // The outcome is awaited below; until then a failure of the whole tar must not count as unhandled.
  written.catch(() => undefined);
  const sink = tar.entry({ name: path, type: "file", mode: modeOf(entry), size, ...owner }, (error) => settle?.(error));
  // Told of through the callback; without a listener it would count as uncaught.
  sink.on("error", ignore);
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      if (sink.destroyed) {
        throw new Error("nobody reads the tar any more");
      }
      length += chunk.length;
      hash.update(chunk);
      if (length > size) {
        throw new ContextChangedError(path);
      }
      if (!sink.write(chunk)) {
        await drained(sink);
      }
    }
  } catch (error) {
    throw error instanceof ContextChangedError
      ? error
      : new BuildContextError(path, `cannot be read any more (${messageOf(error)}).`, { cause: error });
  }
  if (length !== size || hash.digest("hex") !== sha256) {
    throw new ContextChangedError(path);
  }
  sink.end(undefined);
  await written;
}

/** tar-stream takes 0 as "not given" and keeps only the lowest twelve bits, so one above them says that it is. */
function modeOf({ mode }: { readonly mode: number }): number {
  return mode | 0o10000;
}

async function ended(add: (done: (error?: Error | null) => void) => ReturnType<Pack["entry"]>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const sink = add((error) => {
      if (error) {
        reject(error);
      } else {
        resolve();
      }
    });
    sink.on("error", ignore);
  });
}

function ignore(): void {
  // The callback of the entry tells the same.
}
