import { posix } from "node:path";
import { ContainerPathError } from "../errors/containerErrors";
import type { FollowPathOptions } from "./followPath";
import type { PackedEntry } from "./packTar";

/** Where in a container a tar is to be unpacked, so that the folders that are not there yet are made by it. */
export interface ContainerPlace {
  /** The last folder on the way that is there. */
  readonly base: string;
  /** What the names of what goes into the folder start with: "" or "a/b/". */
  readonly prefix: string;
  /** The folders that are not there, for the tar; without, engines would make them root's. */
  readonly missing: readonly PackedEntry[];
}

const FOLDER_MODE = 0o755;

/** @param options `path` is the folder that is to be, absolute. */
export async function findPlace({ engine, containerId, path, signal }: FollowPathOptions): Promise<ContainerPlace> {
  const folder = posix.resolve("/", path);
  let base = folder;
  while (base !== "/") {
    const stat = await engine.statPath(containerId, base, { signal });
    if (stat !== undefined && stat.kind !== "directory" && stat.kind !== "symlink") {
      throw new ContainerPathError(containerId, base, "this is not a folder");
    }
    if (stat !== undefined) {
      break;
    }
    base = posix.dirname(base);
  }
  const names = posix.relative(base, folder).split("/").filter(Boolean);
  return {
    base,
    prefix: names.map((name) => `${name}/`).join(""),
    missing: names.map((_, index) => ({
      ...{ kind: "directory" as const, name: names.slice(0, index + 1).join("/") },
      ...{ mode: FOLDER_MODE, mtimeMs: Date.now() },
    })),
  };
}
