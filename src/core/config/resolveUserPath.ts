import { join, resolve } from "node:path";

export interface PathsOptions {
  /** What relative paths are meant from. */
  readonly base: string;
  /** What "~/" stands for. */
  readonly home: string;
}

/**
 * A path as people write it in settings: "~/" is their own folder, as in a shell, and what is relative is meant from
 * `base`.
 */
export function resolveUserPath(path: string, { base, home }: PathsOptions): string {
  return /^~(?:[\\/]|$)/.test(path) ? join(home, path.slice(2)) : resolve(base, path);
}
