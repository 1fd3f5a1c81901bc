import { createHash } from "node:crypto";
import { hostname } from "node:os";
import type { BuildContext } from "../../core/ports/BuildContext";
import type { SharedFolder } from "./SharedFolder";

/** Tools that set a file's time rarely set it more precisely; file systems that write it themselves do. */
const COARSE_NS = 1_000_000n;

/**
 * Names the daemon's copy of the context, which it keeps between builds with the same key. The daemon takes a file of
 * the same size and modification time for unchanged. Times that archives, rsync and the like have set can be the same
 * for another content, so the contents of files with such a time are part of the key: another content, another copy.
 */
export function sharedKey({ root, entries }: BuildContext, folder: SharedFolder): string {
  const coarse = new Set(
    folder
      .filter(({ content, stat }) => content !== undefined && stat.modTime % COARSE_NS === 0n)
      .map(({ stat }) => stat.path),
  );
  const hash = createHash("sha256").update(JSON.stringify([hostname(), root]));
  for (const entry of entries) {
    if (entry.kind === "file" && coarse.has(entry.path)) {
      hash.update(JSON.stringify([entry.path, entry.sha256]));
    }
  }
  return `slipway-${hash.digest("hex")}`;
}
