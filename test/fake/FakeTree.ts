import { posix } from "node:path";
import { FakeFileError } from "./FakeFileError";

interface Owned {
  readonly uid: number;
  readonly gid: number;
}

export type FakeNode = Owned &
  (
    | { readonly kind: "file"; readonly mode: number; readonly content: Uint8Array }
    | { readonly kind: "directory"; readonly mode: number }
    | { readonly kind: "symlink"; readonly target: string }
    /** A pipe. */
    | { readonly kind: "other"; readonly mode: number }
  );

export const FOLDER: FakeNode = { kind: "directory", mode: 0o755, uid: 0, gid: 0 };

/** As many as Linux follows. */
const LINK_LIMIT = 40;

/** A file system in memory. Paths are absolute; links in the folders of a path are followed, the last name is not. */
export class FakeTree {
  private constructor(private readonly nodes: Map<string, FakeNode>) {}

  static empty(): FakeTree {
    return new FakeTree(new Map([["/", FOLDER]]));
  }

  copy(): FakeTree {
    return new FakeTree(new Map(this.nodes));
  }

  get(path: string): FakeNode | undefined {
    return this.nodes.get(this.place(path));
  }

  /** Where a path leads, links followed to the end. */
  follow(path: string): string {
    let place = this.place(path);
    for (let count = 0; count < LINK_LIMIT; count++) {
      const node = this.nodes.get(place);
      if (node?.kind !== "symlink") {
        return place;
      }
      place = this.place(posix.resolve(posix.dirname(place), node.target));
    }
    throw new FakeFileError("ELOOP", path);
  }

  /** Folders that are missing on the way are made; what was there is replaced, but a folder's content stays. */
  put(path: string, node: FakeNode): void {
    const place = this.place(path);
    const folder = posix.dirname(place);
    if (!this.nodes.has(folder)) {
      this.put(folder, FOLDER);
    }
    if (this.nodes.get(folder)?.kind !== "directory") {
      throw new FakeFileError("ENOTDIR", folder);
    }
    this.nodes.set(place, node);
  }

  /** What is at a path and below it, folders before what is in them, by paths relative to it ("" for itself). */
  list(path: string): readonly { readonly path: string; readonly node: FakeNode }[] {
    const root = this.place(path);
    const prefix = root === "/" ? "/" : `${root}/`;
    return [...this.nodes]
      .filter(([place]) => place === root || place.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([place, node]) => ({ path: place === root ? "" : place.slice(prefix.length), node }));
  }

  get sizeBytes(): number {
    return [...this.nodes.values()].reduce((sum, node) => sum + (node.kind === "file" ? node.content.length : 0), 0);
  }

  private place(path: string): string {
    const clean = posix.resolve("/", path);
    return clean === "/" ? clean : posix.join(this.follow(posix.dirname(clean)), posix.basename(clean));
  }
}
