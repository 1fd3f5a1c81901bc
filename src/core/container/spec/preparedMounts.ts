import { realpath } from "node:fs/promises";
import { LABEL, workspaceLabels } from "../../labels";
import type { Mount } from "../../ports/ContainerTypes";
import type { EngineAddress } from "../../ports/EngineEndpoint";
import type { Workspace } from "../../Workspace";
import { isWithin } from "./isWithin";
import { mountableSource } from "./mountableSource";

export interface PreparedMountsOptions {
  readonly workspace: Workspace;
  /** For what lies in the workspace and says nothing itself. */
  readonly relabel: "shared" | "private" | undefined;
  readonly allowedFolders: readonly string[];
  readonly address: EngineAddress;
}

/** What run.mounts asks for, with the real paths of bind mounts. Rejects with MountSourceError. */
export async function preparedMounts(
  mounts: readonly Mount[],
  options: PreparedMountsOptions,
): Promise<readonly Mount[]> {
  return Promise.all(mounts.map(async (mount) => prepared(mount, options)));
}

async function prepared(
  mount: Mount,
  { workspace, relabel, allowedFolders, address }: PreparedMountsOptions,
): Promise<Mount> {
  switch (mount.kind) {
    case "bind": {
      const source = await mountableSource(mount.source, { folders: [workspace.folder, ...allowedFolders], address });
      const label = mount.relabel ?? (isWithin(source, await realpath(workspace.folder)) ? relabel : undefined);
      return { ...mount, source, relabel: label };
    }
    case "volume":
      // What is made for the workspace can be told from what others have made.
      return { ...mount, labels: { ...workspaceLabels(workspace), [LABEL.kind]: "volume", ...mount.labels } };
    case "tmpfs":
      return mount;
  }
}
