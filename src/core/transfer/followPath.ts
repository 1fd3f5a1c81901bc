import { posix } from "node:path";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { PathStat } from "../ports/ContainerTypes";

/** As many as Linux follows. */
const LINK_LIMIT = 40;

export interface FollowPathOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  /** Absolute. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a path in a container leads to, links followed to the end; undefined where that is nothing. */
export async function followPath({
  engine,
  containerId,
  path,
  signal,
}: FollowPathOptions): Promise<{ readonly path: string; readonly stat: PathStat } | undefined> {
  let place = posix.resolve("/", path);
  for (let links = 0; links <= LINK_LIMIT; links++) {
    const stat = await engine.statPath(containerId, place, { signal });
    if (stat === undefined) {
      return undefined;
    }
    if (stat.kind !== "symlink") {
      return { path: place, stat };
    }
    // Engines tell it from the root on, or as the link has it.
    place = posix.resolve(posix.dirname(place), stat.linkTarget ?? "");
  }
  return undefined;
}
