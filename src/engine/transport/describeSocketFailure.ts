import { statSync, type Stats } from "node:fs";
import type { EngineProblem } from "../../core/errors/engineErrors";

/** What is asked of the file system. */
export type Stat = (path: string) => Pick<Stats, "isSocket" | "isDirectory" | "mode" | "uid" | "gid"> | undefined;

/**
 * More than the error's code says of a socket that could not be connected to: the system refuses what is no socket with
 * the same code as one on which nobody listens, and tells nothing of who may use one.
 *
 * @returns undefined where there is no more to say.
 */
export function describeSocketFailure(
  code: string,
  path: string,
  stat: Stat = statOf,
): { readonly problem: EngineProblem; readonly detail: string } | undefined {
  switch (code) {
    case "ENOTDIR":
      return { problem: "not-found", detail: "there is no such socket: a part of its path is a file, not a folder" };
    case "ECONNREFUSED":
    case "ENOTSOCK":
      return notSocket(stat(path));
    case "EACCES":
    case "EPERM": {
      const found = stat(path);
      const detail =
        found === undefined
          ? "permission denied: a folder on the way to the socket is closed to you"
          : `permission denied: the socket is for ${ownersOf(found)}`;
      return notSocket(found) ?? { problem: "no-permission", detail };
    }
    default:
      return undefined;
  }
}

function notSocket(found: ReturnType<Stat>): ReturnType<typeof describeSocketFailure> {
  return found === undefined || found.isSocket()
    ? undefined
    : { problem: "bad-address", detail: `this is ${found.isDirectory() ? "a folder" : "a file"}, not a socket` };
}

/** Who connects to a socket must be allowed to write to it. */
function ownersOf({ mode, uid, gid }: NonNullable<ReturnType<Stat>>): string {
  const owner = uid === 0 ? "root" : `the user with number ${String(uid)}`;
  return (mode & 0o020) === 0 ? `${owner} only` : `${owner} and the members of group ${String(gid)} only`;
}

function statOf(path: string): ReturnType<Stat> {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
