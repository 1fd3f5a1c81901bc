import { createHash } from "node:crypto";
import { basename } from "node:path";

/** A folder as engines know it. */
export interface Workspace {
  /** Absolute, without symbolic links. */
  readonly folder: string;
  /** 12 hexadecimal digits of the folder's hash. */
  readonly id: string;
  /** The folder's own name, as far as it can stand in the name of an image or a container. */
  readonly slug: string;
}

export function workspaceOf(folder: string): Workspace {
  const slug = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40)
    .replace(/-$/, "");
  return {
    folder,
    id: createHash("sha256").update(folder).digest("hex").slice(0, 12),
    slug: slug === "" ? "workspace" : slug,
  };
}

/**
 * The name of the workspace's image. "localhost" keeps it from ever being looked for, or pushed, at a registry: Podman
 * and Docker agree on that.
 */
export function imageReference(workspace: Workspace, fingerprint: string): string {
  return `localhost/slipway/${workspace.slug}-${workspace.id}:${fingerprint}`;
}
