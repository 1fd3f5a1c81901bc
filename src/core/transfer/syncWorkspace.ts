import { join } from "node:path";
import type { ContextScanner } from "../fingerprint/scan/ContextScanner";
import { sharedScanner } from "../fingerprint/scan/sharedScanner";
import type { SentEntry } from "../ports/BuildContext";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { Mount } from "../ports/ContainerTypes";
import { countOf } from "../showText";
import type { Workspace } from "../Workspace";
import { requireVisible } from "./requireVisible";
import { applySync } from "./applySync";
import { planSync } from "./planSync";
import { scanWorkspace, toCopyInError } from "./scanWorkspace";
import { someNames } from "./someNames";
import { SyncStateFile } from "./SyncState";
import type { FileOwner, TransferEvent } from "./TransferEvent";

export interface SyncOptions {
  readonly engine: ContainerEngine;
  /** It must run, so that something can be removed in it. */
  readonly containerId: string;
  readonly workspace: Workspace;
  /** The workspace's folder in the container, absolute. */
  readonly target: string;
  /** Who is to own it; undefined is root. */
  readonly owner: FileOwner | undefined;
  readonly cacheFolder: string;
  readonly scanner?: ContextScanner | undefined;
  /** Of the container, so that it is an error to copy what its programs would not see. */
  readonly mounts?: readonly Mount[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings a container's copy of a workspace up to date: copies what has changed since the last time, and removes what is gone.
 * Tells of it if there was something to do. What else is in the container is left alone, also what its programs have made of
 * files that did not change here. Rejects with CopyInError, and as ContainerEngine.copyTo does; then, or when it is
 * interrupted, the next time puts it right.
 */
export async function* syncWorkspace(options: SyncOptions): AsyncGenerator<TransferEvent> {
  const { workspace, target, owner, cacheFolder, scanner = sharedScanner(), signal } = options;
  const started = performance.now();
  await requireVisible({ ...options, mounts: options.mounts ?? [], path: target, source: "The workspace" });
  const snapshot = await scanWorkspace({ workspace, cacheFolder, scanner, signal });
  let entries: readonly SentEntry[];
  const file = new SyncStateFile({
    folder: join(cacheFolder, "sync", workspace.id),
    containerId: options.containerId,
    place: JSON.stringify([target, owner?.uid ?? 0, owner?.gid ?? 0]),
  });
  try {
    if (await file.isAt(snapshot.digest)) {
      return;
    }
    entries = await snapshot.entries();
  } catch (error) {
    throw toCopyInError(error);
  } finally {
    snapshot.release();
  }
  const before = await file.load();
  const plan = planSync(entries, before?.entries ?? new Map());
  const { digest } = snapshot;
  const { engine, containerId } = options;
  const place = { engine, containerId, folder: workspace.folder, target, owner, signal };
  const done = await applySync({ ...place, plan, file, digest });
  if (plan.changed.length + plan.removed.length > 0) {
    const { files, bytes } = done;
    const durationMs = performance.now() - started;
    yield { type: "transfer", direction: "sync", source: workspace.folder, target, files, bytes, durationMs };
  }
  if (!done.couldRemove) {
    const count = countOf(plan.removed.length, "file or folder", "files and folders");
    yield {
      type: "warning",
      message: `${count} that the workspace has no more stayed in the container, since its image has no "rm" and "rmdir": ${someNames(plan.removed)}.`,
    };
  }
  if (plan.special.length > 0) {
    yield {
      type: "warning",
      message: `Not copied into the container, since they are pipes: ${someNames(plan.special)}.`,
    };
  }
}
