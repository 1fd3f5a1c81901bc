import { createHash } from "node:crypto";
import { hostname } from "node:os";
import type { Workspace } from "../../Workspace";

export interface WarmKeyInputs {
  readonly workspace: Workspace;
  readonly imageId: string;
  readonly runHash: string;
  /** What keeps it alive. */
  readonly command: readonly string[];
}

/**
 * Containers with the same key are the same for whoever needs one. This machine's name is part of it: an engine can be
 * shared by several machines, on which one path leads to different workspaces.
 *
 * @returns 64 hexadecimal digits.
 */
export function warmKey({ workspace, imageId, runHash, command }: WarmKeyInputs): string {
  return createHash("sha256")
    .update(JSON.stringify(["warm 1", hostname(), workspace.id, imageId, runHash, command]))
    .digest("hex");
}

/** The engine lets only one container have the name, and so makes sure that there is one container of a key. */
export function warmName(workspace: Workspace, key: string): string {
  return `slipway-${workspace.slug}-${key.slice(0, 8)}`;
}
