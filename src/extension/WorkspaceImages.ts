import { realpath } from "node:fs/promises";
import type * as vscode from "vscode";
import { cacheFolder } from "../core/cacheFolder";
import type { ManifestStore } from "../core/fingerprint/ManifestStore";
import type { BuildLock } from "../core/image/sharing/BuildLock";
import { locksOf, manifestsOf } from "../core/job/resolveImage";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import { workspaceOf, type Workspace } from "../core/Workspace";

/** Where the images of a folder are, and what is written down of them. */
export interface WorkspaceImages {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly manifests: ManifestStore;
  readonly locks: BuildLock;
}

/** Rejects where the folder is gone from the disk. */
export async function imagesOf(folder: vscode.WorkspaceFolder, engine: ContainerEngine): Promise<WorkspaceImages> {
  const workspace = workspaceOf(await realpath(folder.uri.fsPath));
  return {
    engine,
    workspace,
    manifests: manifestsOf({ engine, cacheFolder: cacheFolder() }, workspace),
    locks: locksOf(cacheFolder()),
  };
}
