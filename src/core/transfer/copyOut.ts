import { dirname, join, posix } from "node:path";
import type { CopyOutConfiguration } from "../config/WorkspaceConfiguration";
import { ContainerPathError } from "../errors/containerErrors";
import { CopyOutError } from "../errors/transferErrors";
import { makeFolder } from "../makeFolder";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { Mount, PathStat } from "../ports/ContainerTypes";
import { COPY_LIMITS, type CopyLimits } from "./copyLimits";
import { findTarget, type CopyTarget } from "./findTarget";
import { followPath } from "./followPath";
import { hiddenByTmpfs } from "./hiddenByTmpfs";
import { moveInto } from "./moveInto";
import { isPattern, parsePathPattern, type PathPattern } from "./pathPattern";
import { BrokenTarError, readTar } from "./readTar";
import { skipWarnings } from "./skipWarnings";
import { StagingFolder } from "./StagingFolder";
import { TarUnpacker } from "./TarUnpacker";
import { toCopyOutError } from "./toCopyOutError";
import type { TransferEvent } from "./TransferEvent";

export interface CopyOutOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  /** On this machine, absolute. */
  readonly workspaceFolder: string;
  readonly items: readonly CopyOutConfiguration[];
  /** For items that have none of their own. */
  readonly limits?: CopyLimits | undefined;
  /** Whether the task has failed: then only what is asked for is copied, and what is not there is a warning. */
  readonly failed: boolean;
  /** Of the container, so that it is an error to copy what its programs would not see. */
  readonly mounts?: readonly Mount[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies files and folders of a container to the workspace, one item after the other. What comes from a container is not
 * trusted: it is unpacked in a folder of its own beside the target, without what could lead out of there, and moved to its
 * place when it is there as a whole. Rejects with CopyOutError and CopyLimitError, and as ContainerEngine.copyFrom does;
 * then the target is as it was.
 */
export async function* copyOut(options: CopyOutOptions): AsyncGenerator<TransferEvent> {
  for (const item of options.items) {
    options.signal?.throwIfAborted();
    if (!options.failed || item.onFailure === true) {
      yield* copyItem(options, item);
    }
  }
}

async function* copyItem(options: CopyOutOptions, item: CopyOutConfiguration): AsyncGenerator<TransferEvent> {
  const { source } = item;
  const tmpfs = await hiddenByTmpfs({ ...options, mounts: options.mounts ?? [], path: source });
  if (tmpfs !== undefined) {
    throw new CopyOutError(
      source,
      `${tmpfs} is a tmpfs mount, which Docker cannot copy from. Mount a volume there, or let a step copy it elsewhere.`,
    );
  }
  const found = await findInContainer(options, source);
  const copied = found === undefined ? undefined : await copyFound(options, item, found);
  if (copied !== undefined) {
    yield* copied;
    return;
  }
  const error = new CopyOutError(
    source,
    "there is nothing of this name. Correct copyOut in slipway.json, or the step that should make it.",
  );
  if (!options.failed) {
    throw error;
  }
  yield { type: "warning", message: error.message };
}

/** @returns undefined where nothing matches the pattern. */
async function copyFound(
  options: CopyOutOptions,
  item: CopyOutConfiguration,
  found: Found,
): Promise<readonly TransferEvent[] | undefined> {
  const { source, target } = item;
  const started = performance.now();
  const place = await findTarget(options.workspaceFolder, target, source);
  let staging: StagingFolder | undefined;
  try {
    staging = await StagingFolder.create(place.beside);
    const unpacked = join(staging.files, "content");
    const unpacker = await unpack(options, item, { found, target: unpacked });
    if (unpacker.isEmpty && unpacker.skipped.size > 0) {
      throw new CopyOutError(source, "it has nothing but links that lead out, devices, or names that cannot be here.");
    }
    if (unpacker.isEmpty) {
      return undefined;
    }
    const final = finalPath(item, found, place);
    await makeFolder(dirname(final));
    const inTheWay = await moveInto(unpacked, final);
    const durationMs = performance.now() - started;
    const { files, bytes } = unpacker;
    return [
      { type: "transfer", direction: "out", source, target, files, bytes, durationMs },
      ...skipWarnings(unpacker.skipped, inTheWay),
    ];
  } catch (error) {
    throw toCopyOutError(source, error);
  } finally {
    await staging?.remove();
  }
}

/** A file goes into a folder that is there; a folder becomes one with it, if "/" at the target's end does not say otherwise. */
function finalPath({ target }: CopyOutConfiguration, { pattern, stat, name }: Found, place: CopyTarget): string {
  const into = /[/\\]$/.test(target) || (place.isFolder && stat.kind !== "directory");
  return into && pattern === undefined ? join(place.path, name) : place.path;
}

/** What is to be copied. */
interface Found {
  /** In the container, absolute, links followed. */
  readonly path: string;
  readonly stat: PathStat;
  /** The last name of what was asked for. */
  readonly name: string;
  readonly pattern: PathPattern | undefined;
}

/** What is there by that very name comes before what the pattern means. */
async function findInContainer(
  { engine, containerId, signal }: CopyOutOptions,
  source: string,
): Promise<Found | undefined> {
  const path = posix.resolve("/", source);
  const there = await followPath({ engine, containerId, path, signal });
  const name = posix.basename(path);
  if (there !== undefined || !isPattern(path)) {
    return there === undefined ? undefined : checked(source, { ...there, name, pattern: undefined });
  }
  const pattern = parsePathPattern(path);
  if ("problem" in pattern) {
    throw new CopyOutError(source, `this is no valid pattern (${pattern.problem}). Correct it in slipway.json.`);
  }
  const folder = await followPath({ engine, containerId, path: pattern.base, signal });
  return folder?.stat.kind === "directory" ? checked(source, { ...folder, name, pattern }) : undefined;
}

function checked(source: string, found: Found): Found {
  if (found.path === "/") {
    throw new CopyOutError(source, "this is the whole file system of the container. Choose a folder in it.");
  }
  if (found.stat.kind === "other") {
    throw new CopyOutError(source, "it is a device, a pipe or a socket. Only files, folders and links can be.");
  }
  return found;
}

interface Unpacking {
  readonly found: Found;
  readonly target: string;
}

async function unpack(
  { engine, containerId, limits = COPY_LIMITS, signal }: CopyOutOptions,
  { source, maxBytes, maxEntries }: CopyOutConfiguration,
  { found, target }: Unpacking,
): Promise<TarUnpacker> {
  const unpacker = new TarUnpacker({
    ...{ source, target, pattern: found.pattern, top: posix.basename(found.path) },
    limits: { bytes: maxBytes ?? limits.bytes, entries: maxEntries ?? limits.entries },
  });
  // Leaving the loop must not wait for an engine that says nothing any more.
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  try {
    for await (const entry of readTar(engine.copyFrom(containerId, found.path, { signal: either }))) {
      await unpacker.add(entry);
    }
    return unpacker;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof BrokenTarError) {
      throw new CopyOutError(source, `what the engine sent is not whole (${error.message}). Try again.`, {
        cause: error,
      });
    }
    if (error instanceof ContainerPathError) {
      throw new CopyOutError(source, "it was removed while it was copied. Try again.", { cause: error });
    }
    throw error;
  } finally {
    left.abort();
  }
}
