import type { ManifestStore } from "../../fingerprint/ManifestStore";
import { LABEL, workspaceLabels } from "../../labels";
import type { CallOptions, ContainerEngine } from "../../ports/ContainerEngine";
import type { ImageSummary } from "../../ports/ContainerTypes";
import { imageReference, type Workspace } from "../../Workspace";
import { imageUsers } from "./imageUsers";
import { usedAt, type ImageUser, type WorkspaceImage } from "./WorkspaceImage";

export interface ListImagesOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  /** Of this workspace and this engine; see manifestsOf. */
  readonly manifests: ManifestStore;
  /** Of the files as they are now; undefined where that is not known, or where nothing is built: then none is fresh. */
  readonly fingerprint: string | undefined;
}

type Found = Omit<WorkspaceImage, "state">;

/**
 * The images that Slipway has built for a workspace, the current one first, then those that were used last; those without
 * a name come at the end. Rejects as the engine's calls do.
 */
export async function listWorkspaceImages(options: ListImagesOptions): Promise<readonly WorkspaceImage[]> {
  const { engine, workspace, manifests, signal } = options;
  const labels = { ...workspaceLabels(workspace), [LABEL.kind]: "build" };
  const [images, users, used] = await Promise.all([
    engine.listImages({ labels, signal }),
    imageUsers(engine, { signal }),
    manifests.lastUsed(),
  ]);
  const found = images.flatMap((image) => foundImage(image, { workspace, users: users.get(image.id) ?? [], used }));
  const named = found.filter(({ name }) => name !== undefined).sort((a, b) => usedAt(b) - usedAt(a));
  const fresh = named.find(({ fingerprint }) => fingerprint === options.fingerprint);
  const current = fresh ?? named[0];
  const others = [
    ...named.filter((image) => image !== current),
    ...found.filter(({ name }) => name === undefined).sort((a, b) => b.created - a.created),
  ].map((image) => ({ ...image, state: "superseded" as const }));
  return current === undefined
    ? others
    : [{ ...current, state: fresh === undefined ? ("stale" as const) : ("fresh" as const) }, ...others];
}

interface Known {
  readonly workspace: Workspace;
  readonly users: readonly ImageUser[];
  readonly used: ReadonlyMap<string, number>;
}

/** Nothing for an image of somebody else's that was made FROM one of ours, and so has its labels, but only names of its own. */
function foundImage(
  { id, references, labels, created, sizeBytes }: ImageSummary,
  { workspace, users, used }: Known,
): readonly Found[] {
  const fingerprint = labels[LABEL.fingerprint];
  if (fingerprint === undefined) {
    return [];
  }
  const own = imageReference(workspace, fingerprint);
  const name = references.includes(own) ? own : undefined;
  const otherNames = references.filter((reference) => reference !== own);
  if (name === undefined && otherNames.length > 0) {
    return [];
  }
  // What is written down of a fingerprint is about the image that has its name.
  const lastUsed = name === undefined ? undefined : used.get(fingerprint);
  return [{ id, name, otherNames, fingerprint, sizeBytes, created, lastUsed, usedBy: users }];
}
