import type { ManifestStore } from "../../fingerprint/ManifestStore";
import type { ContainerEngine } from "../../ports/ContainerEngine";
import type { WorkspaceImage } from "./WorkspaceImage";

/**
 * Drops what was written down of an image that was removed. Where that fails, it explains an image that is gone, which
 * does no harm.
 */
export async function forgetImage(
  { name, fingerprint }: Pick<WorkspaceImage, "name" | "fingerprint">,
  { engine, manifests }: { readonly engine: ContainerEngine; readonly manifests: ManifestStore },
): Promise<void> {
  // It is about the image with this name: another one by now, where it was built again meanwhile.
  if (name !== undefined && (await engine.inspectImage(name)) === undefined) {
    await manifests.drop(fingerprint).catch(() => undefined);
  }
}
