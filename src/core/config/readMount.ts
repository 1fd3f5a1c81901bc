import type { Mount } from "../ports/ContainerTypes";
import { type Unreadable, isUnreadable } from "./checkedBy";
import { isMountTarget, normalContainerPath } from "./containerPath";
import { type MountText, parseMountText } from "./parseMountText";
import { parseSize } from "./parseSize";
import { resolveUserPath, type PathsOptions } from "./resolveUserPath";

/** As an object of slipway.json has it, or as the docker CLI takes it. */
export type MountSource = string | MountText;

const VOLUME_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]+$/;

/** @returns the mount, with absolute paths; or what is wrong with it. */
export function readMount(value: MountSource, paths: PathsOptions): Mount | Unreadable {
  const mount = typeof value === "string" ? parseMountText(value) : value;
  if (isUnreadable(mount)) {
    return mount;
  }
  if (!isMountTarget(mount.target)) {
    return {
      problem: `the target "${mount.target}" must be an absolute path in the container, such as /data, and none of the system's own`,
    };
  }
  if (mount.size !== undefined && mount.type !== "tmpfs") {
    return { problem: "only a mount of type tmpfs has a size" };
  }
  const target = normalContainerPath(mount.target);
  const readOnly = mount.readOnly === true ? { readOnly: true } : {};
  switch (mount.type) {
    case "bind":
      return mount.source === undefined || mount.source === ""
        ? { problem: "a mount of type bind must have a source: a path of this machine" }
        : {
            kind: "bind",
            source: resolveUserPath(mount.source, paths),
            target,
            ...readOnly,
            ...(mount.relabel === undefined ? {} : { relabel: mount.relabel }),
          };
    case "volume":
      return mount.source !== undefined && VOLUME_NAME.test(mount.source)
        ? { kind: "volume", volume: mount.source, target, ...readOnly }
        : {
            problem:
              "a mount of type volume must have the name of a volume as its source: two or more letters, digits, dots, hyphens and underscores",
          };
    case "tmpfs":
      return tmpfs(mount, target);
    default:
      return { problem: `"${mount.type}" is not a type of mount: there are bind, volume and tmpfs` };
  }
}

function tmpfs({ source, readOnly, size }: MountText, target: string): Mount | Unreadable {
  if ((source ?? "") !== "" || readOnly === true) {
    return { problem: "a mount of type tmpfs is empty memory to write to: it has no source, and is not read-only" };
  }
  const sizeBytes = size === undefined ? undefined : parseSize(size);
  if (isUnreadable(sizeBytes)) {
    return sizeBytes;
  }
  return { kind: "tmpfs", target, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
}
