import { posix } from "node:path";

/** Go's `path.Clean`: unlike Node's `normalize`, it leaves no trailing slash except on the root itself. */
export function cleanPath(path: string): string {
  const normalized = posix.normalize(path);
  return normalized.length > 1 && normalized.endsWith("/") ? normalized.slice(0, -1) : normalized;
}
