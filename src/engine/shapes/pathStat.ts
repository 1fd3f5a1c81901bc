import { posix } from "node:path";
import { z } from "zod";
import type { PathStat } from "../../core/ports/ContainerTypes";

const shape = z.object({
  size: z.number(),
  mode: z.number(),
  linkTarget: z.string().nullish(),
});

/** Of Go's os.FileMode, whose upper bits say what kind of file it is; the lower nine are the permissions. */
const GO_MODE = {
  directory: 2 ** 31,
  symlink: 2 ** 27,
  /** Device, named pipe, socket, character device and irregular file. */
  other: 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21 + 2 ** 19,
  setuid: 2 ** 23,
  setgid: 2 ** 22,
  sticky: 2 ** 20,
};

/**
 * The header X-Docker-Container-Path-Stat of HEAD /containers/{id}/archive: JSON in base64. Podman names a link after what
 * it leads to and gives every file a target, so the name is that of `path`, and only links have a target.
 *
 * @param path absolute, without a slash at its end.
 */
export function parsePathStat(header: string, path: string): PathStat {
  const { size, mode, linkTarget } = shape.parse(JSON.parse(Buffer.from(header, "base64").toString("utf8")));
  const kind = kindOf(mode);
  return {
    name: posix.basename(path) === "" ? "/" : posix.basename(path),
    sizeBytes: size,
    kind,
    mode: permissionsOf(mode),
    linkTarget: kind === "symlink" && linkTarget ? linkTarget : undefined,
  };
}

/** Bits of numbers above 2^31, which JavaScript's own operators take for negative ones. */
function has(mode: number, bits: number): boolean {
  return (BigInt(mode) & BigInt(bits)) !== 0n;
}

function kindOf(mode: number): PathStat["kind"] {
  if (has(mode, GO_MODE.directory)) {
    return "directory";
  }
  if (has(mode, GO_MODE.symlink)) {
    return "symlink";
  }
  return has(mode, GO_MODE.other) ? "other" : "file";
}

function permissionsOf(mode: number): number {
  const special =
    (has(mode, GO_MODE.setuid) ? 0o4000 : 0) +
    (has(mode, GO_MODE.setgid) ? 0o2000 : 0) +
    (has(mode, GO_MODE.sticky) ? 0o1000 : 0);
  return special + (mode % 0o1000);
}
