import assert from "node:assert/strict";
import { FakeTree, FOLDER, type FakeNode } from "../../../test/fake/FakeTree";
import { statTree } from "../../../test/fake/statTree";
import { ResourceError } from "../errors/provisionErrors";
import type { SentEntry } from "../ports/BuildContext";
import { BaseFolders } from "./BaseFolders";
import { LayerDraft } from "./LayerDraft";
import type { ReadResource } from "./ReadResource";

const FILE: FakeNode = { kind: "file", mode: 0o644, uid: 0, gid: 0, content: new Uint8Array() };
const DATA: SentEntry = { kind: "file", path: "data", mode: 0o644, size: 0, sha256: "" };

function link(target: string): FakeNode {
  return { kind: "symlink", target, uid: 0, gid: 0 };
}

function file(target: string): ReadResource {
  return { ...folder(target, []), kind: "file", mode: 0o755 };
}

function folder(target: string, entries: readonly SentEntry[], fileMode?: number): ReadResource {
  return {
    ...{ source: "/here", target, kind: "folder", mode: 0o700, fileMode, mtimeMs: 0, digest: "", path: "/here" },
    entries: async () => Promise.resolve(entries),
    release: () => undefined,
  };
}

describe("LayerDraft", () => {
  let tree: FakeTree;

  beforeEach(() => {
    tree = FakeTree.empty();
    tree.put("/usr/bin", FOLDER);
    tree.put("/bin", link("usr/bin"));
    tree.put("/etc/passwd", FILE);
    tree.put("/loop", link("/loop"));
    tree.put("/lost", link("/nowhere"));
  });

  const draft = async (...resources: readonly ReadResource[]): Promise<LayerDraft> => {
    const engine = { statPath: async (_: string, path: string) => Promise.resolve(statTree(tree, path)) };
    return LayerDraft.make(new BaseFolders({ engine, containerId: "c" }), resources);
  };
  const packed = async (...resources: readonly ReadResource[]): Promise<readonly string[]> =>
    [...(await draft(...resources)).entries].map((entry) =>
      [entry.kind, entry.name, entry.kind === "symlink" ? entry.target : entry.mode.toString(8)].join(" "),
    );

  it("makes the folders that are missing, and leaves those that are there, links to them included", async () => {
    assert.deepEqual(await packed(file("/bin/tool"), file("/opt/a/b")), [
      "file usr/bin/tool 755",
      "directory opt 755",
      "directory opt/a 755",
      "file opt/a/b 755",
    ]);
    const sub: SentEntry = { kind: "directory", path: "bin", mode: 0o777 };
    assert.deepEqual(await packed(folder("/", [sub, { ...DATA, path: "bin/x" }])), ["file usr/bin/x 644"]);
  });

  it("puts what lies within another's target after it, with the modes that were asked for", async () => {
    const outer = folder("/opt", [DATA, { kind: "symlink", path: "out", target: "../../x" }], 0o640);
    const expected = ["directory opt 700", "file opt/data 640", "symlink opt/out ../../x", "file opt/tool 755"];
    assert.deepEqual(await packed(outer, file("/opt/tool")), expected);
    assert.deepEqual(await packed(file("/opt/tool"), outer), expected);
    assert.deepEqual(await packed(outer, file("/opt/data")), [
      "directory opt 700",
      "file opt/data 755",
      "symlink opt/out ../../x",
    ]);
  });

  it("refuses what would take something else's place", async () => {
    const sub: SentEntry = { kind: "directory", path: "passwd", mode: 0o755 };
    for (const resources of [
      [file("/etc")],
      [file("/bin/..")],
      [file("/etc/passwd/x")],
      [folder("/etc/passwd", [])],
      [folder("/etc", [sub])],
      [folder("/", [{ ...DATA, path: "etc" }])],
      [folder("/loop/x", [])],
      [folder("/lost", [])],
      [file("/opt/a"), file("/opt/a/b")],
      [folder("/opt", [DATA]), folder("/opt/data", [])],
    ]) {
      await assert.rejects(draft(...resources), (error) => error instanceof ResourceError && error.source === "/here");
    }
    assert.deepEqual(await packed(file("/etc/passwd")), ["file etc/passwd 755"]);
  });

  it("leaves pipes out, and says so", async () => {
    const pipe: SentEntry = { kind: "fifo", path: "pipe", mode: 0o644 };
    assert.deepEqual((await draft(folder("/opt", [pipe]))).skipped, ["/here/pipe"]);
  });
});
