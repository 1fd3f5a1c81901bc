import { posix } from "node:path";
import { pack } from "tar-stream";
import type { FakeTree } from "./FakeTree";

/** What is at a path as a tar whose entries start with the path's last name, as an engine sends it. */
export async function* packTree(tree: FakeTree, path: string): AsyncGenerator<Uint8Array> {
  const tar = pack();
  const name = posix.basename(posix.resolve("/", path)) || ".";
  for (const { path: inner, node } of tree.list(path)) {
    const header = { name: posix.join(name, inner), uid: node.uid, gid: node.gid };
    switch (node.kind) {
      case "file":
        tar.entry({ ...header, type: "file", mode: node.mode }, Buffer.from(node.content));
        break;
      case "directory":
        tar.entry({ ...header, name: `${header.name}/`, type: "directory", mode: node.mode });
        break;
      case "other":
        tar.entry({ ...header, type: "fifo", mode: node.mode });
        break;
      case "symlink":
        tar.entry({ ...header, type: "symlink", linkname: node.target, mode: 0o777 });
        break;
    }
  }
  tar.finalize();
  yield* tar as AsyncIterable<Buffer>;
}
