import type { CallOptions, ContainerEngine } from "../../ports/ContainerEngine";
import type { ImageUser } from "./WorkspaceImage";

/** All containers of an engine, running or not, by the ID of the image that they were made of. */
export async function imageUsers(
  engine: ContainerEngine,
  { signal }: CallOptions,
): Promise<ReadonlyMap<string, readonly ImageUser[]>> {
  const users = new Map<string, ImageUser[]>();
  // Not only those with the workspace's label: whoever makes a container can give it other labels than its image has.
  for (const { id, name, imageId, state } of await engine.listContainers({ labels: {}, signal })) {
    if (imageId !== undefined) {
      const running = state === "running" || state === "paused" || state === "restarting";
      users.set(imageId, [...(users.get(imageId) ?? []), { id, name, running }]);
    }
  }
  return users;
}
