import { posix } from "node:path";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { PathStat } from "../ports/ContainerTypes";

/** As many as Linux follows. */
const LINK_LIMIT = 40;

/** Where a folder of an image really is. */
export interface FolderPlace {
  /** Absolute, no link on the way. */
  readonly path: string;
  /** Those on the way that are not there, outermost first, the folder itself included. */
  readonly missing: readonly string[];
}

/** What is in the way of a folder, for people: "/opt/tools is a file there". */
export class NoFolderThere extends Error {}

/** Looks into an image, by a container of it that need not run. Each path is asked for once. */
export class BaseFolders {
  private readonly stats = new Map<string, PathStat | undefined>();

  constructor(
    private readonly options: {
      readonly engine: Pick<ContainerEngine, "statPath">;
      readonly containerId: string;
      readonly signal?: AbortSignal | undefined;
    },
  ) {}

  /** What is at a path whose folder is real; a link there is not followed. */
  async stat(path: string): Promise<PathStat | undefined> {
    if (!this.stats.has(path)) {
      const { engine, containerId, signal } = this.options;
      this.stats.set(path, await engine.statPath(containerId, path, { signal }));
    }
    return this.stats.get(path);
  }

  /** Rejects with NoFolderThere. @param path absolute. */
  async place(path: string, links = 0): Promise<FolderPlace> {
    let place = "/";
    const missing: string[] = [];
    for (const name of path.split("/").filter(Boolean)) {
      const next = posix.join(place, name);
      const stat = missing.length > 0 ? undefined : await this.stat(next);
      if (stat === undefined) {
        missing.push(next);
      }
      place = stat === undefined || stat.kind === "directory" ? next : await this.follow(next, stat, links);
    }
    return { path: place, missing };
  }

  private async follow(path: string, { kind, linkTarget }: PathStat, links: number): Promise<string> {
    if (kind !== "symlink") {
      throw new NoFolderThere(`${path} is no folder there`);
    }
    const leads = `${path} is a link there that leads to no folder`;
    if (links >= LINK_LIMIT || linkTarget === undefined) {
      throw new NoFolderThere(leads);
    }
    const place = await this.place(posix.resolve(posix.dirname(path), linkTarget), links + 1);
    if (place.missing.length > 0) {
      throw new NoFolderThere(leads);
    }
    return place.path;
  }
}
