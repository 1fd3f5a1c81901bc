import { join } from "node:path";
import { CACHE_FOLDER_REMEDY } from "../cacheFolder";
import { EngineRequestError } from "../errors/engineErrors";
import { messageOf } from "../errors/ExpectedError";
import { CopyInError } from "../errors/transferErrors";
import type { SentEntry } from "../ports/BuildContext";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { findPlace } from "./findPlace";
import { packTar, type PackedEntry } from "./packTar";
import type { SyncPlan } from "./planSync";
import { removePaths } from "./removePaths";
import { UNKNOWN, type SyncStateFile } from "./SyncState";
import type { FileOwner } from "./TransferEvent";

export interface ApplySyncOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  /** The workspace's folder on this machine, absolute. */
  readonly folder: string;
  /** The same in the container. */
  readonly target: string;
  readonly owner: FileOwner | undefined;
  readonly plan: SyncPlan;
  readonly file: SyncStateFile;
  /** Of the scan that the plan is of. */
  readonly digest: string;
}

export interface AppliedSync {
  readonly files: number;
  readonly bytes: number;
  /** False where the container has no program that removes. */
  readonly couldRemove: boolean;
}

interface Applied extends AppliedSync {
  /** What the container has now. */
  readonly entries: Map<string, string>;
  /** Of the state that was written before anything was done. */
  readonly stamp: string;
  /** What may be half done if somebody else was at it at the same time. */
  readonly touched: readonly string[];
}

/** Does what is planned, and writes down what the container has then, so that an interruption is seen the next time. */
export async function applySync(options: ApplySyncOptions): Promise<AppliedSync> {
  const applied = await apply(options);
  await finish(options, applied);
  return applied;
}

async function apply(options: ApplySyncOptions): Promise<Applied> {
  const { engine, containerId, target, plan, file, signal } = options;
  const touched = [...plan.changed.map(({ path }) => path), ...plan.removed];
  const entries = new Map([...plan.after, ...plan.removed.map((path) => [path, UNKNOWN] as const)]);
  const marked = new Map([...entries, ...touched.map((path) => [path, UNKNOWN] as const)]);
  const stamp = await writing(async () => file.save(undefined, marked));
  const place = { engine, containerId, folder: target, signal };
  const couldRemove =
    (await removePaths({ ...place, command: ["rm", "-rf"], paths: plan.foldersInTheWay })) &&
    (await removePaths({ ...place, command: ["rm", "-f"], paths: [...plan.filesInTheWay, ...plan.removedFiles] })) &&
    (await removePaths({ ...place, command: ["rmdir"], paths: plan.removedFolders }));
  if (couldRemove) {
    for (const path of plan.removed) {
      entries.delete(path);
    }
  }
  const copied = plan.changed.length > 0 ? await copy(options, entries) : { files: 0, bytes: 0 };
  return { entries, stamp, touched, couldRemove, ...copied };
}

/** @param entries gets to know what was not copied as it was looked at. */
async function copy(
  options: ApplySyncOptions,
  entries: Map<string, string>,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const { engine, containerId, target, plan, signal } = options;
  const { changed } = plan;
  try {
    return await copyOnce(options, entries);
  } catch (error) {
    if (!(error instanceof EngineRequestError)) {
      throw error;
    }
    // Something of the container's own may be where something else is to be.
    const place = { engine, containerId, folder: target, signal };
    const isFolder = ({ kind }: SentEntry): boolean => kind === "directory";
    const files = changed.filter((entry) => !isFolder(entry)).map(({ path }) => path);
    const folders = changed.filter(isFolder).map(({ path }) => path);
    const couldRemove =
      (await removePaths({ ...place, command: ["rm", "-rf"], paths: files })) &&
      (await removePaths({ ...place, command: ["rm", "-f"], paths: folders }));
    if (!couldRemove) {
      throw error;
    }
    return copyOnce(options, entries);
  }
}

async function copyOnce(
  { engine, containerId, folder, target, owner, plan, signal }: ApplySyncOptions,
  entries: Map<string, string>,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const { changed } = plan;
  const { base, prefix, missing } = await findPlace({ engine, containerId, path: target, signal });
  const looked = new Map(changed.map((entry) => [`${prefix}${entry.path}`, entry]));
  const packed = new Set<string>();
  let files = 0;
  let bytes = 0;
  const tar = packTar(tarEntries(folder, changed, { prefix, missing }), {
    owner,
    onPacked: ({ kind, name }, read) => {
      const entry = looked.get(name);
      if (entry !== undefined) {
        files += kind === "directory" ? 0 : 1;
        bytes += read?.size ?? 0;
        if (kind !== "file" || (entry.kind === "file" && read?.size === entry.size && read.mtimeMs === entry.mtimeMs)) {
          packed.add(entry.path);
        }
      }
    },
  });
  await engine.copyTo(containerId, base, tar, { signal });
  for (const { path } of changed) {
    if (!packed.has(path)) {
      entries.set(path, UNKNOWN);
    }
  }
  return { files, bytes };
}

function* tarEntries(
  root: string,
  changed: readonly SentEntry[],
  { prefix, missing }: { readonly prefix: string; readonly missing: readonly PackedEntry[] },
): Generator<PackedEntry> {
  yield* missing;
  for (const entry of changed) {
    const name = `${prefix}${entry.path}`;
    const mtimeMs = entry.mtimeMs ?? 0;
    switch (entry.kind) {
      case "file":
        yield { kind: "file", name, mode: entry.mode, mtimeMs, file: join(root, entry.path) };
        break;
      case "directory":
        yield { kind: "directory", name, mode: entry.mode, mtimeMs };
        break;
      case "symlink":
        yield { kind: "symlink", name, target: entry.target, mtimeMs };
        break;
      case "fifo":
        break;
    }
  }
}

/** Another one may have copied something at the same time: then nobody knows what of both came last. */
async function finish({ file, digest }: ApplySyncOptions, { entries, stamp, touched }: Applied): Promise<void> {
  const now = await file.load();
  if (now?.stamp !== stamp) {
    const both = new Map([...entries, ...(now?.entries ?? []), ...touched.map((path) => [path, UNKNOWN] as const)]);
    await writing(async () => file.save(undefined, both));
    return;
  }
  const isCertain = ![...entries.values()].includes(UNKNOWN);
  await writing(async () => file.save(isCertain ? digest : undefined, entries));
}

async function writing<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new CopyInError(
      "The workspace",
      `what the container has of it cannot be written down (${messageOf(error)}). ${CACHE_FOLDER_REMEDY}`,
      { cause: error },
    );
  }
}
