import { createHash } from "node:crypto";
import { hostname } from "node:os";

/**
 * Names the daemon's copy of a context, which it keeps between builds with the same key, so that only what changed
 * travels.
 *
 * @param root absolute path of the context's folder.
 */
export function sharedKey(root: string): string {
  return `slipway-${createHash("sha256")
    .update(JSON.stringify([hostname(), root]))
    .digest("hex")}`;
}
