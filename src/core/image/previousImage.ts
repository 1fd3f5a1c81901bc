import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { DifferingInputs } from "../fingerprint/manifestFormat";
import type { ManifestStore } from "../fingerprint/ManifestStore";
import { LABEL, workspaceLabels } from "../labels";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { imageReference, type Workspace } from "../Workspace";

/** What the workspace's image was last built from; "unknown" where there is one, but nothing is written down of it. */
export type PreviousImage =
  | {
      readonly fingerprint: string;
      /** What it was made from, as far as it is not the same now. */
      readonly differing: DifferingInputs;
      readonly stillThere: boolean;
    }
  | "unknown";

export interface PreviousImageOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly manifests: ManifestStore;
  /** What it would be built from now; there is no image with that fingerprint. */
  readonly collected: Pick<CollectedInputs, "fingerprint" | "manifest">;
}

/** Looks for the image that was there before; undefined where there is none. */
export async function previousImage(options: PreviousImageOptions): Promise<PreviousImage | undefined> {
  const { engine, workspace, manifests, collected, signal } = options;
  const previous = await manifests.compareLatest(collected.manifest);
  if (previous === undefined) {
    return (await hasImage(options)) ? "unknown" : undefined;
  }
  const image = await engine.inspectImage(imageReference(workspace, previous.fingerprint), { signal });
  return { ...previous, stillThere: image !== undefined };
}

/** It may have been built from another machine, or before the cache folder was removed. */
async function hasImage({ engine, workspace, collected, signal }: PreviousImageOptions): Promise<boolean> {
  const labels = { ...workspaceLabels(workspace), [LABEL.kind]: "build" };
  const images = await engine.listImages({ labels, signal });
  // What was made FROM one of ours has its labels, but another name. What is being built meanwhile is not the one before.
  return images.some((image) => {
    const fingerprint = image.labels[LABEL.fingerprint];
    return (
      fingerprint !== undefined &&
      fingerprint !== collected.fingerprint &&
      image.references.includes(imageReference(workspace, fingerprint))
    );
  });
}
