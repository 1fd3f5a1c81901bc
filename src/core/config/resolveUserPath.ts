import { join, resolve } from "node:path";

/**
 * A path as people write it in settings: "~/" is their own folder, as in a shell, and what is relative is meant from
 * `base`.
 */
export function resolveUserPath(path: string, options: { readonly base: string; readonly home: string }): string {
  return /^~[\\/]/.test(path) ? join(options.home, path.slice(2)) : resolve(options.base, path);
}
