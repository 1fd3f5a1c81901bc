import type { BuildInput } from "../fingerprint/BuildInput";
import type { ManifestStore } from "../fingerprint/ManifestStore";
import { LABEL, workspaceLabels } from "../labels";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { imageReference, type Workspace } from "../Workspace";

/** What the workspace's image was last built from; "unknown" where there is one, but nothing is written down of it. */
export type PreviousImage =
  { readonly fingerprint: string; readonly inputs: readonly BuildInput[]; readonly stillThere: boolean } | "unknown";

export interface PreviousImageOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly manifests: ManifestStore;
}

/** Looks for the image that was there before; undefined where there is none. */
export async function previousImage(options: PreviousImageOptions): Promise<PreviousImage | undefined> {
  const { engine, workspace, manifests, signal } = options;
  const previous = await manifests.latest();
  if (previous === undefined) {
    return (await hasImage(options)) ? "unknown" : undefined;
  }
  const image = await engine.inspectImage(imageReference(workspace, previous.fingerprint), { signal });
  return { ...previous, stillThere: image !== undefined };
}

/** It may have been built from another machine, or before the cache folder was removed. */
async function hasImage({ engine, workspace, signal }: PreviousImageOptions): Promise<boolean> {
  const labels = { ...workspaceLabels(workspace), [LABEL.kind]: "build" };
  const images = await engine.listImages({ labels, signal });
  // What was made FROM one of ours has its labels, but another name.
  return images.some((image) => {
    const fingerprint = image.labels[LABEL.fingerprint];
    return fingerprint !== undefined && image.references.includes(imageReference(workspace, fingerprint));
  });
}
