import { posix } from "node:path";

/** Below these the engine makes files of its own, and would make them in the workspace. */
const SYSTEM_FOLDERS = ["/proc", "/sys", "/dev", "/etc", "/bin", "/lib", "/sbin", "/usr/bin"];
const KERNEL_FOLDER = /^\/(?:proc|sys|dev)(?:\/|$)/;
/** Ordinary memory, which programs may want more of. */
const SHARED_MEMORY = "/dev/shm";

/** One form for each path in a container: without "//", ".", ".." and a slash at its end. */
export function normalContainerPath(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, "");
}

/** Whether something can be mounted there. */
export function isMountTarget(path: string): boolean {
  const normal = normalContainerPath(path);
  return isPlacePath(path) && !SYSTEM_FOLDERS.includes(normal) && (normal === SHARED_MEMORY || isFilePath(path));
}

/** Whether files can be put there, or taken from there: an absolute path, not the root, and nothing of the kernel's. */
export function isFilePath(path: string): boolean {
  return isPlacePath(path) && !KERNEL_FOLDER.test(normalContainerPath(path));
}

function isPlacePath(path: string): boolean {
  return path.startsWith("/") && normalContainerPath(path) !== "/" && !/\p{Cc}/u.test(path);
}

/** Whether `path` is `folder` or lies in it; both normal. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
