import { chownSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerSpec, Mount } from "../../src/core/ports/ContainerTypes";
import { FakeFileError } from "./FakeFileError";
import { FOLDER, FakeTree, type FakeNode } from "./FakeTree";

type Place =
  | { readonly kind: "host"; readonly path: string; readonly readOnly: boolean }
  | { readonly kind: "tree"; readonly tree: FakeTree; readonly path: string; readonly readOnly: boolean };

export interface FakeFilesOptions {
  readonly root: FakeTree;
  readonly spec: Pick<ContainerSpec, "mounts" | "readOnlyRoot"> | undefined;
  /** The content of a volume. */
  readonly volume: (name: string) => FakeTree;
}

/** The files that the programs of a container see: its own, and those of its mounts; bind mounts are the host's. */
export class FakeFiles {
  private readonly trees = new Map<Mount, FakeTree>();

  constructor(private readonly options: FakeFilesOptions) {
    for (const mount of options.spec?.mounts ?? []) {
      if (options.root.get(mount.target) === undefined) {
        options.root.put(mount.target, FOLDER);
      }
      if (mount.kind !== "bind") {
        this.trees.set(mount, mount.kind === "volume" ? options.volume(mount.volume) : FakeTree.empty());
      }
    }
  }

  read(path: string): Buffer {
    const place = this.locate(path);
    if (place.kind === "host") {
      return readFileSync(place.path);
    }
    const node = place.tree.get(place.tree.follow(place.path));
    if (node?.kind === "file") {
      return Buffer.from(node.content);
    }
    throw new FakeFileError(node === undefined ? "ENOENT" : "EISDIR", path);
  }

  write(path: string, content: string | Uint8Array, owner = { uid: 0, gid: 0 }): void {
    const place = this.locate(path);
    if (place.readOnly) {
      throw new FakeFileError("EROFS", path);
    }
    if (place.kind === "host") {
      writeFileSync(place.path, content);
      if (owner.uid !== 0) {
        chownSync(place.path, owner.uid, owner.gid);
      }
    } else {
      place.tree.put(place.tree.follow(place.path), {
        kind: "file",
        mode: 0o644,
        ...owner,
        content: Buffer.from(content),
      });
    }
  }

  /** Of the container's own files. */
  node(path: string): FakeNode | undefined {
    return this.options.root.get(path);
  }

  /** Where a path lies: the innermost mount counts. */
  private locate(path: string): Place {
    const mounts = this.options.spec?.mounts ?? [];
    const [mount] = mounts
      .filter(({ target }) => path === target || path.startsWith(`${target}/`))
      .sort((a, b) => b.target.length - a.target.length);
    if (mount === undefined) {
      return { kind: "tree", tree: this.options.root, path, readOnly: this.options.spec?.readOnlyRoot === true };
    }
    const inner = path.slice(mount.target.length);
    const readOnly = mount.kind !== "tmpfs" && mount.readOnly === true;
    return mount.kind === "bind"
      ? { kind: "host", path: join(mount.source, inner), readOnly }
      : { kind: "tree", tree: this.trees.get(mount) ?? FakeTree.empty(), path: `/${inner}`, readOnly };
  }
}
