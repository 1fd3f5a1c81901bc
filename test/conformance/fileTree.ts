import fc from "fast-check";
import type { TarEntry } from "./tarOf";

type Node =
  | { readonly type: "file"; readonly content: Uint8Array; readonly mode: number }
  | { readonly type: "symlink"; readonly target: string }
  | { readonly type: "directory"; readonly mode: number; readonly children: Readonly<Record<string, Node>> };

const name = fc
  .array(
    fc.constantFrom("a", "B", "-", " ", "é", "日本", ".x", "'", '"', "%", "$", "*", "[", "#", "\\", "~", "0123456789"),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));

const mode = fc.constantFrom(0o644, 0o600, 0o755, 0o4755, 0o1777, 0o444);

const { root } = fc.letrec<{ node: Node; root: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.record({ type: fc.constant("file"), content: fc.uint8Array({ maxLength: 1500 }), mode }),
    fc.record({ type: fc.constant("symlink"), target: name }),
    tie("root"),
  ),
  root: fc.record({
    type: fc.constant("directory"),
    mode: fc.constantFrom(0o755, 0o700, 0o1777),
    children: fc.dictionary(name, tie("node"), { maxKeys: 5 }),
  }),
}));

/** Any files, folders (empty ones, too) and links, folders before what is in them. The root's name is "". */
export function fileTree(): fc.Arbitrary<readonly TarEntry[]> {
  const owner = fc.record({ uid: fc.nat(2000), gid: fc.nat(2000) });
  return fc
    .tuple(root, owner)
    .map(([node, { uid, gid }]) => flatten("", node).map((entry) => ({ ...entry, uid, gid })));
}

function flatten(path: string, node: Node): readonly TarEntry[] {
  switch (node.type) {
    case "file":
    case "symlink":
      return [{ ...node, name: path }];
    case "directory":
      return [
        { name: path, type: "directory", mode: node.mode },
        ...Object.entries(node.children).flatMap(([child, inner]) =>
          flatten(path === "" ? child : `${path}/${child}`, inner),
        ),
      ];
  }
}
