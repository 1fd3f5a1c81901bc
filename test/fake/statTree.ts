import { posix } from "node:path";
import type { PathStat } from "../../src/core/ports/ContainerTypes";
import type { FakeTree } from "./FakeTree";

export function statTree(tree: FakeTree, path: string): PathStat | undefined {
  const node = tree.get(path);
  return (
    node && {
      name: posix.basename(posix.resolve("/", path)) || "/",
      sizeBytes: node.kind === "file" ? node.content.length : 0,
      kind: node.kind,
      mode: node.kind === "symlink" ? 0o777 : node.mode,
      linkTarget: node.kind === "symlink" ? node.target : undefined,
    }
  );
}
