import type { ManifestStore } from "../../fingerprint/ManifestStore";
import type { CallOptions, ContainerEngine } from "../../ports/ContainerEngine";
import { forgetImage } from "./forgetImage";
import { imageUsers } from "./imageUsers";
import type { WorkspaceImage } from "./WorkspaceImage";

/** What became of an image that somebody has asked to be removed. */
export type RemoveOutcome =
  | { readonly kind: "removed" | "gone" }
  /** Only Slipway's name for it has gone: by these it stays. */
  | { readonly kind: "untagged"; readonly otherNames: readonly string[] }
  /** Nothing has changed. Without containers, it is the engine that holds on to it, as when another image was made of it. */
  | { readonly kind: "in-use"; readonly by: readonly string[] };

/** Removes one image of a workspace, whatever its state. Never by force; names that others have given it stay. */
export async function removeWorkspaceImage(
  image: WorkspaceImage,
  options: CallOptions & { readonly engine: ContainerEngine; readonly manifests: ManifestStore },
): Promise<RemoveOutcome> {
  const { engine, signal } = options;
  const { id, name } = image;
  const now = await engine.inspectImage(id, { signal });
  if (now === undefined) {
    return { kind: "gone" };
  }
  const otherNames = now.references.filter((reference) => reference !== name);
  const hasName = name !== undefined && now.references.includes(name);
  if (otherNames.length > 0 && !hasName) {
    return { kind: "untagged", otherNames };
  }
  // By its ID it goes only as a whole, and whatever has got its name meanwhile keeps that.
  switch (await engine.removeImage(otherNames.length > 0 && hasName ? name : id, { signal })) {
    case "removed":
      await forgetImage(image, options);
      return otherNames.length > 0 ? { kind: "untagged", otherNames } : { kind: "removed" };
    case "not-found":
      return { kind: "gone" };
    case "in-use": {
      const users = (await imageUsers(engine, { signal })).get(id) ?? [];
      return { kind: "in-use", by: users.map((user) => user.name) };
    }
  }
}
