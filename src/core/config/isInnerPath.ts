import { posix, win32 } from "node:path";

/** Whether a path, with "/", leads to something in the folder that it is relative to, or to that folder itself. */
export function isInnerPath(path: string): boolean {
  return !/^\.\.(?:\/|$)/.test(posix.normalize(path)) && !win32.isAbsolute(path) && !/^[A-Za-z]:|\p{Cc}/u.test(path);
}
