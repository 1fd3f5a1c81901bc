import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isFilePath, normalContainerPath } from "../config/containerPath";
import type { ResourceConfiguration } from "../config/WorkspaceConfiguration";
import { messageOf } from "../errors/ExpectedError";
import { BuildContextError, ContextChangedError } from "../errors/imageErrors";
import { ResourceError } from "../errors/provisionErrors";
import type { ContextScanner } from "../fingerprint/scan/ContextScanner";
import { permissions } from "../fingerprint/scan/permissions";
import type { ContextSelection } from "../fingerprint/selection/ContextSelection";
import type { ReadResource } from "./ReadResource";

export interface ReadResourcesOptions {
  readonly resources: readonly ResourceConfiguration[];
  readonly cacheFolder: string;
  readonly scanner: ContextScanner;
  readonly signal?: AbortSignal | undefined;
}

const EVERYTHING: ContextSelection = { kind: "all", doubts: [] };

/**
 * Reads the resources, those files that have changed since the last time. To be released in `finally`. Rejects with
 * ResourceError, and with ContextChangedError when something changed while it was read.
 */
export async function readResources(options: ReadResourcesOptions): Promise<readonly ReadResource[]> {
  const read: ReadResource[] = [];
  try {
    for (const resource of options.resources) {
      options.signal?.throwIfAborted();
      read.push(await readResource(resource, options));
    }
    return read;
  } catch (error) {
    read.forEach(({ release }) => {
      release();
    });
    throw error;
  }
}

async function readResource(resource: ResourceConfiguration, options: ReadResourcesOptions): Promise<ReadResource> {
  const { source, target } = resource;
  if (!isFilePath(target)) {
    throw new ResourceError(
      source,
      `its target ${target} must be an absolute path in the image, and neither / nor the kernel's. Correct "resources" in slipway.json.`,
    );
  }
  const { path, stats } = await find(source);
  try {
    return stats.isDirectory()
      ? await readFolder(resource, { path, stats }, options)
      : await readSingle(resource, { path, stats }, options);
  } catch (error) {
    throw toResourceError(source, error);
  }
}

type Found = Awaited<ReturnType<typeof find>>;

/** What a source leads to: also where it is a link. */
async function find(source: string) {
  try {
    const path = await realpath(source);
    const stats = await stat(path);
    if (!stats.isDirectory() && !stats.isFile()) {
      throw new ResourceError(source, "it is a socket, a pipe or a device. Only files and folders can be.");
    }
    return { path, stats };
  } catch (error) {
    if (error instanceof ResourceError) {
      throw error;
    }
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const detail = isMissing ? "there is no such file or folder" : `it cannot be read (${messageOf(error)})`;
    throw new ResourceError(source, `${detail}. Correct "resources" in slipway.json, or make it.`, { cause: error });
  }
}

async function readFolder(
  { source, target, mode }: ResourceConfiguration,
  { path, stats }: Found,
  options: ReadResourcesOptions,
): Promise<ReadResource> {
  const snapshot = await scan(path, EVERYTHING, options);
  return {
    ...{ source, target: normalContainerPath(target), kind: "folder", path },
    ...{ mode: permissions(stats), fileMode: mode, mtimeMs: stats.mtimeMs, digest: snapshot.digest },
    entries: snapshot.entries,
    release: snapshot.release,
  };
}

async function readSingle(
  { source, target, mode }: ResourceConfiguration,
  { path, stats }: Found,
  options: ReadResourcesOptions,
): Promise<ReadResource> {
  const name = basename(path);
  const only = { path: name, wildcards: false, parents: false, excludes: [], line: 0 };
  const snapshot = await scan(dirname(path), { kind: "some", sources: [only] }, options);
  try {
    const entry = (await snapshot.entries()).find((each) => each.path === name);
    if (entry?.kind !== "file") {
      throw new ContextChangedError(source);
    }
    return {
      ...{ source, target: normalContainerPath(target) },
      ...{ kind: "file", path, mode: mode ?? entry.mode, fileMode: undefined, mtimeMs: stats.mtimeMs },
      digest: entry.sha256,
      entries: async () => Promise.resolve([]),
      release: () => undefined,
    };
  } finally {
    snapshot.release();
  }
}

async function scan(
  root: string,
  selection: ContextSelection,
  { cacheFolder, scanner, signal }: ReadResourcesOptions,
): ReturnType<ContextScanner["scan"]> {
  const place = JSON.stringify([root, selection]);
  const name = createHash("sha256").update(place).digest("hex").slice(0, 16);
  // A folder of its own: where there are many, the oldest are dropped.
  const cache = { folder: join(cacheFolder, "resources", name), name: "resource" };
  return scanner.scan({ root, ignore: [], selection, cache }, { signal });
}

/** The words of a scan are those of builds, in which something can be ignored. */
function toResourceError(source: string, error: unknown): unknown {
  if (error instanceof BuildContextError) {
    const detail = error.message
      .replace(/(i)gnore it in \.dockerignore/i, (_, first) => (first === "I" ? "Take it out" : "take it out"))
      .replace("sent to a builder", "put on an image");
    return new ResourceError(source, detail, { cause: error });
  }
  return error;
}
