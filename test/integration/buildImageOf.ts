import { imageLabels } from "../../src/core/labels";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import { imageReference, workspaceOf } from "../../src/core/Workspace";
import type { TestWorkspace } from "./TestWorkspace";

/** Builds a Dockerfile without a context. The image goes with the workspace. */
export async function buildImageOf(
  engine: ContainerEngine,
  workspace: TestWorkspace,
  dockerfile: { readonly name: string; readonly content: string },
): Promise<{ readonly reference: string; readonly imageId: string; readonly fingerprint: string }> {
  const owner = workspaceOf(workspace.folder);
  const { name, content } = dockerfile;
  const reference = imageReference(owner, name);
  let imageId = "";
  for await (const event of engine.buildImage({
    context: {
      root: workspace.folder,
      entries: [],
      dockerfile: { pathInContext: undefined, content: Buffer.from(content) },
    },
    tags: [reference],
    labels: imageLabels(owner, name),
    args: {},
  })) {
    imageId = event.type === "image" ? event.imageId : imageId;
  }
  return { reference, imageId, fingerprint: name };
}
