import { isAbsolute, relative, sep } from "node:path";

/** Whether `path` is `folder` or lies below it. Both are absolute; links are not followed. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
