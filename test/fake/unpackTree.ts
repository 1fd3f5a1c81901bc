import { posix } from "node:path";
import { extract, type Header } from "tar-stream";
import type { FakeNode, FakeTree } from "./FakeTree";

/** Unpacks a tar in a folder of a tree. */
export async function unpackTree(tree: FakeTree, folder: string, tar: Uint8Array): Promise<void> {
  const reader = extract();
  reader.end(tar);
  for await (const entry of reader) {
    const content: Uint8Array[] = [];
    for await (const chunk of entry as AsyncIterable<Uint8Array>) {
      content.push(chunk);
    }
    const node = nodeOf(entry.header, Buffer.concat(content), tree, folder);
    // As in an engine, nothing gets out of the container: ".." at the top stays there.
    tree.put(posix.join(folder, posix.resolve("/", entry.header.name)), node);
  }
}

function nodeOf(header: Header, content: Uint8Array, tree: FakeTree, folder: string): FakeNode {
  const { type, mode, uid, gid, linkname } = header;
  const owner = { uid, gid };
  switch (type) {
    case "directory":
      return { kind: "directory", mode, ...owner };
    case "symlink":
      return { kind: "symlink", target: linkname, ...owner };
    case "fifo":
      return { kind: "other", mode, ...owner };
    case "link":
      return tree.get(posix.join(folder, linkname)) ?? { kind: "file", mode, content, ...owner };
    default:
      return { kind: "file", mode, content, ...owner };
  }
}
