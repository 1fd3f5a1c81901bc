import { posix, win32 } from "node:path";
import { MountError } from "../core/errors/containerErrors";
import type { Mount } from "../core/ports/ContainerTypes";
import type { EngineKind } from "../core/ports/EngineInfo";
import { isEngineName } from "./calls/containerPath";

/** What stands between a mount's parts as Podman reads them. */
const SEPARATORS = /[,"\n]/;

/**
 * Refuses what an engine would take for another mount: what is no path is the name of a volume to it, and Podman finds
 * options in whatever has a comma. Throws MountError. What is let through, `toCreateOptions` can say.
 */
export function checkMounts(mounts: readonly Mount[], kind: EngineKind): void {
  for (const mount of mounts) {
    if (!posix.isAbsolute(mount.target)) {
      throw new MountError(mount.target, "a path in a container must begin with a slash.");
    }
    switch (mount.kind) {
      case "bind":
        checkBind(mount, kind);
        break;
      case "volume":
        if (!isEngineName(mount.volume)) {
          throw new MountError(
            mount.volume,
            "this is not a name for a volume (letters, digits and _.- after the first).",
          );
        }
        if (kind === "podman" && SEPARATORS.test(mount.target) && mount.target.includes(":")) {
          throw new MountError(mount.target, "Podman cannot be told of a path with colons and commas or quotes.");
        }
        break;
      case "tmpfs":
        if (kind === "podman" && SEPARATORS.test(mount.target)) {
          throw new MountError(mount.target, "Podman cannot be told of a path with commas or quotes.");
        }
    }
  }
}

function checkBind({ source, target, relabel }: Extract<Mount, { kind: "bind" }>, kind: EngineKind): void {
  if (!posix.isAbsolute(source) && !isWindowsPath(source)) {
    throw new MountError(source, "its path must be absolute.");
  }
  const path = [source, target].find((one) => hasColon(one));
  if (path === undefined) {
    return;
  }
  if (relabel !== undefined) {
    throw new MountError(path, "SELinux cannot be asked to relabel a folder with a colon in its path. Rename it.");
  }
  if (kind === "podman" && SEPARATORS.test(source + target)) {
    throw new MountError(path, "Podman cannot be told of a path with colons and commas or quotes. Rename it.");
  }
}

function isWindowsPath(path: string): boolean {
  return win32.isAbsolute(path) && /^[a-zA-Z]:/.test(path);
}

/** But for that of a drive. */
function hasColon(path: string): boolean {
  return path.replace(/^[a-zA-Z]:/, "").includes(":");
}
