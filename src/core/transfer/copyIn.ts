import { posix } from "node:path";
import type { CopyInConfiguration } from "../config/WorkspaceConfiguration";
import { ContainerPathError } from "../errors/containerErrors";
import { CopyInError } from "../errors/transferErrors";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { Mount } from "../ports/ContainerTypes";
import { findPlace, type ContainerPlace } from "./findPlace";
import { findSource, type CopySource } from "./findSource";
import { packTar, type PackedEntry } from "./packTar";
import { requireVisible } from "./requireVisible";
import { someNames } from "./someNames";
import type { FileOwner, TransferEvent } from "./TransferEvent";
import { toEntry, walkFolder } from "./walkFolder";

export interface CopyInOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  /** On this machine, absolute. */
  readonly workspaceFolder: string;
  readonly items: readonly CopyInConfiguration[];
  /** Who is to own what is copied, and the folders that are made for it; undefined is root. */
  readonly owner: FileOwner | undefined;
  /** Of the container, so that it is an error to copy what its programs would not see. */
  readonly mounts?: readonly Mount[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies files and folders of the workspace into a container, one item after the other. Modes, times and links stay as they
 * are. Sources are found as findSource says; what a pattern finds keeps its path below the pattern's folder. Rejects with
 * CopyInError when a source is not there or cannot be read, with ContainerPathError when something is in the target's
 * way, and as ContainerEngine.copyTo does.
 */
export async function* copyIn(options: CopyInOptions): AsyncGenerator<TransferEvent> {
  for (const item of options.items) {
    options.signal?.throwIfAborted();
    yield* copyItem(options, item);
  }
}

async function* copyItem(
  options: CopyInOptions,
  { source, target }: CopyInConfiguration,
): AsyncGenerator<TransferEvent> {
  const { engine, containerId, owner, signal } = options;
  const started = performance.now();
  await requireVisible({ ...options, mounts: options.mounts ?? [], path: target, source: source });
  const found = await findSource(options.workspaceFolder, source);
  const { place, top } = await placeOf(options, found, { source, target });
  const skipped: string[] = [];
  let files = 0;
  let bytes = 0;
  let entries = 0;
  const tar = packTar(entriesOf(found, place, { top, skipped }), {
    owner,
    onPacked: ({ kind }, read) => {
      entries++;
      files += kind === "directory" ? 0 : 1;
      bytes += read?.size ?? 0;
    },
  });
  if (found.kind === "pattern" && (await isEmpty(found))) {
    throw new CopyInError(source, "nothing in the workspace matches this pattern. Correct copyIn in slipway.json.");
  }
  await engine.copyTo(containerId, place.base, tar, { signal });
  if (entries === 0 && found.kind === "entry" && !found.stats.isDirectory()) {
    throw new CopyInError(source, "it was removed while it was copied. Run this again once nothing changes it.");
  }
  const durationMs = performance.now() - started;
  yield { type: "transfer", direction: "in", source, target, files, bytes, durationMs };
  if (skipped.length > 0) {
    yield {
      type: "warning",
      message: `Not copied into the container, since they are sockets, pipes or devices, or have no valid name: ${someNames(skipped)}.`,
    };
  }
  if (found.kind === "link") {
    yield {
      type: "warning",
      message: `${source} is a link that leads out of the workspace. It was copied as a link, not what it leads to.`,
    };
  }
}

/** @returns also the name of what is copied there; undefined for the content of a folder, which goes into the place. */
async function placeOf(
  { engine, containerId, signal }: CopyInOptions,
  found: CopySource,
  { source, target }: CopyInConfiguration,
): Promise<{ readonly place: ContainerPlace; readonly top: string | undefined }> {
  const into = target.endsWith("/");
  const path = posix.resolve("/", target);
  if (found.kind === "pattern" || found.name === "") {
    return { place: await findPlace({ engine, containerId, path, signal }), top: undefined };
  }
  if (found.kind === "entry" && found.stats.isDirectory()) {
    const folder = into ? posix.join(path, found.name) : path;
    return { place: await findPlace({ engine, containerId, path: folder, signal }), top: undefined };
  }
  if (into) {
    return { place: await findPlace({ engine, containerId, path, signal }), top: found.name };
  }
  if (path === "/" || (await engine.statPath(containerId, path, { signal }))?.kind === "directory") {
    throw new ContainerPathError(
      containerId,
      path,
      `this is a folder, and ${source} is not; with "/" at its end, the file goes into it`,
    );
  }
  return {
    place: await findPlace({ engine, containerId, path: posix.dirname(path), signal }),
    top: posix.basename(path),
  };
}

interface Naming {
  readonly top: string | undefined;
  readonly skipped: string[];
}

async function* entriesOf(
  found: CopySource,
  place: ContainerPlace,
  { top, skipped }: Naming,
): AsyncGenerator<PackedEntry> {
  if (top !== undefined && found.kind !== "pattern") {
    const entry = toEntry(found.file, `${place.prefix}${top}`, found.stats);
    if (entry === undefined) {
      throw new CopyInError(found.name, "it is a socket, a pipe or a device. Only files, folders and links can be.");
    }
    yield* place.missing;
    yield entry;
    return;
  }
  yield* foldersFor(found, place);
  const onSkipped = (path: string): void => void skipped.push(path);
  for await (const entry of walkFolder({ ...walkOf(found), onSkipped })) {
    yield { ...entry, name: `${place.prefix}${entry.name}` };
  }
}

/** The folder itself has the mode of the one that it is a copy of, if it is new. */
function foldersFor(found: CopySource, { missing }: ContainerPlace): readonly PackedEntry[] {
  const last = missing.at(-1);
  const own = found.kind === "pattern" || last === undefined ? undefined : toEntry(found.file, last.name, found.stats);
  return own === undefined ? missing : [...missing.slice(0, -1), own];
}

function walkOf(found: CopySource): Pick<Parameters<typeof walkFolder>[0], "folder" | "pattern"> {
  return found.kind === "pattern" ? { folder: found.folder, pattern: found.pattern } : { folder: found.file };
}

async function isEmpty(found: CopySource): Promise<boolean> {
  const skipped = { found: false };
  const onSkipped = (): void => {
    skipped.found = true;
  };
  const first = await walkFolder({ ...walkOf(found), onSkipped }).next();
  return first.done === true && !skipped.found;
}
