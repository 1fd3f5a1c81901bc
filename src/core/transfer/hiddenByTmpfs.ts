import { posix } from "node:path";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { Mount } from "../ports/ContainerTypes";

export interface HiddenByTmpfsOptions extends CallOptions {
  readonly engine: ContainerEngine;
  /** Of the container. */
  readonly mounts: readonly Mount[];
  /** In the container, absolute. */
  readonly path: string;
}

/**
 * The tmpfs mount that a path lies in, if the engine copies to and from what is behind it: Docker does, and says nothing of
 * it, so that what was copied is not there for the container's programs (moby/moby, daemon/archive_unix.go mounts volumes and
 * binds only).
 */
export async function hiddenByTmpfs({
  engine,
  mounts,
  path,
  signal,
}: HiddenByTmpfsOptions): Promise<string | undefined> {
  const place = posix.resolve("/", path);
  const [innermost] = mounts
    .filter(({ target }) => place === posix.resolve("/", target) || place.startsWith(`${posix.resolve("/", target)}/`))
    .sort((a, b) => b.target.length - a.target.length);
  return innermost?.kind === "tmpfs" && (await engine.info({ signal })).kind === "docker"
    ? innermost.target
    : undefined;
}
