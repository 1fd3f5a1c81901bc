import { ContainerNotFoundError, ContainerPathError } from "../errors/containerErrors";
import { ContainerUserError } from "../errors/transferErrors";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { followPath } from "./followPath";
import { readTar } from "./readTar";
import type { FileOwner } from "./TransferEvent";

export interface ContainerOwnerOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  /** A name, a uid, "uid:gid", "name:group"; undefined is whom the container was made for. */
  readonly user: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** More than any file of users; what is longer is none. */
const MOST_BYTES = 1 << 22;
const NUMBER = /^\d+$/;

/**
 * The numbers of a container's user, looked up in its own /etc/passwd and /etc/group as engines do: a number stands for
 * itself, and where no group is said it is the user's own, or root's for a number that is not there. Rejects with
 * ContainerUserError for a name that is not there.
 */
export async function containerOwner(options: ContainerOwnerOptions): Promise<FileOwner> {
  const { engine, containerId, signal } = options;
  const user = options.user ?? (await userOf(engine, containerId, signal));
  const [name = "", group = ""] = user.split(":");
  const ids = NUMBER.test(name) && NUMBER.test(group);
  const users = ids ? [] : await linesOf(options, "/etc/passwd");
  // name:password:uid:gid:…, see passwd(5).
  const found = users.find(([other, , uid]) => (NUMBER.test(name) ? uid === name : other === (name || "root")));
  const uid = NUMBER.test(name) ? name : (found?.[2] ?? (name === "" || name === "root" ? "0" : undefined));
  if (uid === undefined || !NUMBER.test(uid)) {
    throw new ContainerUserError(containerId, user, `there is no "${name}" in its /etc/passwd`);
  }
  return { uid: Number(uid), gid: Number(await groupOf(options, { user, group, own: found?.[3] ?? "0" })) };
}

async function userOf(engine: ContainerEngine, containerId: string, signal: AbortSignal | undefined): Promise<string> {
  const details = await engine.inspectContainer(containerId, { signal });
  if (details === undefined) {
    throw new ContainerNotFoundError(containerId);
  }
  return details.user;
}

async function groupOf(
  options: ContainerOwnerOptions,
  { user, group, own }: { readonly user: string; readonly group: string; readonly own: string },
): Promise<string> {
  if (group === "" || NUMBER.test(group)) {
    return group === "" ? own : group;
  }
  // name:password:gid:members, see group(5).
  const gid = (await linesOf(options, "/etc/group")).find(([name]) => name === group)?.[2];
  if (gid === undefined || !NUMBER.test(gid)) {
    throw new ContainerUserError(options.containerId, user, `there is no "${group}" in its /etc/group`);
  }
  return gid;
}

/** The fields of each line of such a file; none where there is no file. */
async function linesOf(
  { engine, containerId, signal }: ContainerOwnerOptions,
  path: string,
): Promise<readonly (readonly string[])[]> {
  const place = await followPath({ engine, containerId, path, signal });
  if (place?.stat.kind !== "file" || place.stat.sizeBytes > MOST_BYTES) {
    return [];
  }
  try {
    const pieces: Uint8Array[] = [];
    for await (const { content } of readTar(engine.copyFrom(containerId, place.path, { signal }))) {
      for await (const piece of content) {
        pieces.push(piece);
      }
    }
    const lines = Buffer.concat(pieces).toString("utf8").split("\n");
    return lines.map((line) => line.trim().split(":"));
  } catch (error) {
    if (error instanceof ContainerPathError) {
      return [];
    }
    throw error;
  }
}
