import { createHash } from "node:crypto";
import { join, posix } from "node:path";
import type { Pack } from "tar-stream";
import { fedTar } from "../../core/fedTar";
import { BuildContextError } from "../../core/errors/imageErrors";
import type { BuildContext, ContextEntry } from "../../core/ports/BuildContext";
import { readSmallVerified, SMALL_BYTES } from "../context/readSmallVerified";
import { readVerified } from "../context/readVerified";
import { statsOfKind } from "../context/statsOfKind";
import { TimeSlice } from "../context/TimeSlice";
import { drained } from "../../core/drained";

/** The name of the Dockerfile in the tar where it is not an ordinary file of the context. */
export const EXTRA_DOCKERFILE = ".slipway.Dockerfile";

const IGNORE_FILE = ".dockerignore";

/**
 * What Podman takes for more than the name of a Dockerfile: JSON, and what ends like one that it runs through the C preprocessor
 * (pkg/api/handlers/compat of containers/podman, imagebuildah of containers/buildah). A Dockerfile is what it says, as elsewhere.
 */
const TELLS_PODMAN_MORE = /^\s*(?:\[|null\s*$)|\.in$/;

export interface PackedContext {
  /** Uncompressed: on a local socket, compressing costs far more than it saves. */
  readonly tar: AsyncIterable<Uint8Array>;
  /** The Dockerfile's name in it. */
  readonly dockerfile: string;
  /** The secrets' names in it, by their IDs. */
  readonly secretFiles: ReadonlyMap<string, string>;
}

export interface PackOptions {
  /** By their IDs. */
  readonly secrets?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Whether a Dockerfile with an extra name is named in .dockerignore, too. */
  readonly hidesDockerfile?: boolean;
}

/**
 * The context as a tar, made while it is read. Files carry the permissions that were fingerprinted, and root as their
 * owner as in every builder. Rejects with ContextChangedError when a file is not what it was when it was fingerprinted.
 */
export function packContext(
  context: BuildContext,
  { secrets = new Map<string, Uint8Array>(), hidesDockerfile = false }: PackOptions = {},
): PackedContext {
  const { pathInContext, content } = context.dockerfile;
  const digest = createHash("sha256").update(content).digest("hex");
  const inside =
    !TELLS_PODMAN_MORE.test(pathInContext ?? "") &&
    context.entries.some((entry) => entry.kind === "file" && entry.path === pathInContext && entry.sha256 === digest);
  const names = [...secrets.keys()].map((id, index) => [id, `.slipway.secret${String(index)}`] as const);
  const extra = new Map<string, Uint8Array>([
    ...(inside ? [] : [[EXTRA_DOCKERFILE, content] as const]),
    ...names.map(([id, name]) => [name, secrets.get(id) ?? new Uint8Array()] as const),
  ]);
  return {
    tar: fedTar(async (tar) => feed(tar, context, { extra, hidesDockerfile: hidesDockerfile && !inside })),
    dockerfile: inside && pathInContext !== undefined ? pathInContext : EXTRA_DOCKERFILE,
    secretFiles: new Map(names),
  };
}

interface Added {
  readonly extra: ReadonlyMap<string, Uint8Array>;
  readonly hidesDockerfile: boolean;
}

async function feed(tar: Pack, context: BuildContext, { extra, hidesDockerfile }: Added): Promise<void> {
  const { root, entries } = context;
  const slice = new TimeSlice();
  const ignoreFile = entries.find(({ path }) => path === IGNORE_FILE);
  for (const entry of entries) {
    if (entry.kind === "file" && entry === ignoreFile && hidesDockerfile) {
      await packIgnoreFile(tar, { content: await wholeFile(root, entry), mode: modeOf(entry) });
    } else {
      await packEntry(tar, root, entry);
    }
    if (slice.isOver()) {
      await slice.next();
    }
  }
  if (hidesDockerfile && ignoreFile === undefined) {
    await packIgnoreFile(tar, { content: Buffer.from(IGNORE_FILE), mode: 0o644 });
  }
  for (const [name, content] of extra) {
    const header = { name, mode: 0o644, size: content.length };
    await ended((done) => tar.entry(header, Buffer.from(content), done));
  }
}

/**
 * Docker's classic builder takes the Dockerfile and this file away before anything is copied where this file says so, and
 * applies nothing else of it (builder/remotecontext of moby/moby).
 */
async function packIgnoreFile(
  tar: Pack,
  { content, mode }: { readonly content: Uint8Array; readonly mode: number },
): Promise<void> {
  const more = Buffer.concat([content, Buffer.from(`\n${EXTRA_DOCKERFILE}\n`)]);
  await ended((done) => tar.entry({ name: IGNORE_FILE, type: "file", mode, size: more.length }, more, done));
}

async function wholeFile(root: string, entry: ContextEntry & { readonly kind: "file" }): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of readVerified(join(root, entry.path), entry)) {
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

async function packEntry(tar: Pack, root: string, entry: ContextEntry): Promise<void> {
  const file = join(root, entry.path);
  const owner = { mtime: statsOfKind(file, entry).mtime, uid: 0, gid: 0 };
  switch (entry.kind) {
    case "directory":
      await ended((done) =>
        tar.entry({ name: `${entry.path}/`, type: "directory", mode: modeOf(entry), ...owner }, done),
      );
      return;
    case "symlink":
      requireInside(entry);
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

async function packFile(
  tar: Pack,
  file: string,
  entry: ContextEntry & { readonly kind: "file" },
  owner: { readonly mtime: Date; readonly uid: number; readonly gid: number },
): Promise<void> {
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
  const header = { name: entry.path, type: "file" as const, mode: modeOf(entry), size: entry.size, ...owner };
  const sink = tar.entry(header, (error) => settle?.(error));
  // Told of through the callback; without a listener it would count as uncaught.
  sink.on("error", ignore);
  // Node's asynchronous calls take several times as long on small files.
  const pieces = entry.size > SMALL_BYTES ? readVerified(file, entry) : [readSmallVerified(file, entry)];
  for await (const piece of pieces) {
    if (sink.destroyed) {
      throw new Error("nobody reads the tar any more");
    }
    // A piece is only good until the next is asked for, and the sink may keep it.
    if (!sink.write(Buffer.from(piece))) {
      await drained(sink);
    }
  }
  sink.end(undefined);
  await written;
}

/**
 * Podman and Docker's classic builder unpack the tar with a check that no link leads out; Podman says only "500" of one that
 * does.
 */
function requireInside({ path, target }: ContextEntry & { readonly kind: "symlink" }): void {
  if (!target.startsWith("/") && /^\.\.(?:\/|$)/.test(posix.join(posix.dirname(path), target))) {
    throw new BuildContextError(
      path,
      `this link leads out of the build context (to ${target}), which this builder refuses. Ignore it in .dockerignore, or remove it.`,
    );
  }
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
