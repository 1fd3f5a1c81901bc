import type { ContainerUser } from "../ports/ContainerTypes";

/**
 * Who runs a task whose slipway.json says `user`.
 *
 * @param ids of this process's user; Windows has none, and engines there make files the user's in any case.
 */
export function containerUser(
  user: string,
  ids: { readonly uid: number; readonly gid: number } | undefined = ownIds(),
): ContainerUser {
  if (user !== "host") {
    return { kind: "named", name: user };
  }
  return ids === undefined ? { kind: "image" } : { kind: "host", ...ids };
}

function ownIds(): { readonly uid: number; readonly gid: number } | undefined {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}
