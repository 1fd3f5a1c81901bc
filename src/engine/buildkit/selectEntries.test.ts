import assert from "node:assert/strict";
import fc from "fast-check";
import { GO_MODE } from "./fsutilPacket";
import type { FolderRequest } from "./folderRequest";
import { selectEntries } from "./selectEntries";
import { sortedByPath, type SharedEntry, type SharedFolder } from "./SharedFolder";

const NOTHING: FolderRequest = { name: "context", followPaths: [], includePatterns: [], excludePatterns: [] };

/** Of paths: "a/" is a folder, "a -> b" a symlink, all else a file. Folders on the way are added. */
function folderOf(...paths: readonly string[]): SharedFolder {
  const entries = new Map<string, SharedEntry>();
  const add = (path: string, mode: number, linkname = ""): void => {
    const slash = path.lastIndexOf("/");
    if (slash > 0) {
      add(path.slice(0, slash), GO_MODE.directory);
    }
    entries.set(path, { stat: { path, mode, size: 0, modTime: 0n, linkname } });
  };
  for (const path of paths) {
    const [at = "", link] = path.split(" -> ");
    if (link !== undefined) {
      add(at, GO_MODE.symlink, link);
    } else if (at.endsWith("/")) {
      add(at.slice(0, -1), GO_MODE.directory);
    } else {
      add(at, 0);
    }
  }
  return sortedByPath([...entries.values()], ({ stat }) => stat.path);
}

async function select(folder: SharedFolder, request: Partial<FolderRequest>): Promise<readonly string[]> {
  return (await selectEntries(folder, { ...NOTHING, ...request })).map(({ stat }) => stat.path);
}

describe("selectEntries", () => {
  const tree = folderOf("a/b/c", "a/b/d", "a/e", "f", "g/", "h.txt", "h/i.txt");

  it("gives everything where nothing is asked for, or the whole folder", async () => {
    const everything = tree.map(({ stat }) => stat.path);
    assert.deepEqual(await select(tree, {}), everything);
    for (const path of [".", "/", "", "a/.."]) {
      assert.deepEqual(await select(tree, { followPaths: [path] }), everything, path);
    }
  });

  it("gives the followed paths, what is in them and the folders on the way", async () => {
    assert.deepEqual(await select(tree, { followPaths: ["a/b"] }), ["a", "a/b", "a/b/c", "a/b/d"]);
    assert.deepEqual(await select(tree, { followPaths: ["/a/b/d", "./f", "g/"] }), ["a", "a/b", "a/b/d", "f", "g"]);
    assert.deepEqual(await select(tree, { followPaths: ["../../f"] }), ["f"]);
    assert.deepEqual(await select(tree, { followPaths: [".dockerignore"] }), []);
  });

  it("knows globs in followed paths", async () => {
    assert.deepEqual(await select(tree, { followPaths: ["*.txt"] }), ["h.txt"]);
    assert.deepEqual(await select(tree, { followPaths: ["*/?"] }), ["a", "a/b", "a/b/c", "a/b/d", "a/e"]);
    assert.deepEqual(await select(folderOf("[x]", "x"), { followPaths: ["\\[x]"] }), ["[x]"]);
  });

  it("leaves a glob that is none to the builder", async () => {
    assert.deepEqual(
      await select(tree, { followPaths: ["a["] }),
      tree.map(({ stat }) => stat.path),
    );
  });

  it("follows symlinks in the middle, at the end, one after the other, absolute ones and those that a glob finds", async () => {
    const linked = folderOf("real/x", "real/y", "one -> real", "two -> /one", "d/up -> ../real/y", "d/abs -> /real/x");
    assert.deepEqual(await select(linked, { followPaths: ["one/x"] }), ["one", "real", "real/x"]);
    assert.deepEqual(await select(linked, { followPaths: ["one/x", "one/y"] }), ["one", "real", "real/x", "real/y"]);
    assert.deepEqual(await select(linked, { followPaths: ["two"] }), ["one", "real", "real/x", "real/y", "two"]);
    assert.deepEqual(await select(linked, { followPaths: ["d/u*"] }), ["d", "d/up", "real", "real/y"]);
    assert.deepEqual(await select(linked, { followPaths: ["d/abs"] }), ["d", "d/abs", "real", "real/x"]);
  });

  it("comes to an end where symlinks do not", async () => {
    const circles = folderOf("a -> b", "b -> a", "deeper -> deeper/deeper", "self -> .", "out -> ../../..");
    assert.deepEqual(await select(circles, { followPaths: ["a"] }), ["a", "b"]);
    assert.deepEqual(await select(circles, { followPaths: ["deeper/x"] }), ["deeper"]);
    assert.deepEqual(await select(circles, { followPaths: ["self/a"] }), ["a", "b", "self"]);
    assert.equal((await select(circles, { followPaths: ["out"] })).length, 5);
  });

  it("includes and excludes as .dockerignore's patterns do", async () => {
    assert.deepEqual(await select(tree, { includePatterns: ["a", "!a/b"] }), ["a", "a/e"]);
    assert.deepEqual(await select(tree, { excludePatterns: ["a", "!a/b/c", "h*"] }), ["a", "a/b", "a/b/c", "f", "g"]);
    assert.deepEqual(await select(tree, { followPaths: ["a"], excludePatterns: ["**/b"] }), ["a", "a/e"]);
    assert.deepEqual(await select(tree, { followPaths: ["f"], includePatterns: ["g"] }), ["f", "g"]);
  });

  it("gives everything where a comma may stand for two paths or for one", async () => {
    const comma = folderOf("a, b", "a", "b", "c");
    assert.deepEqual(await select(comma, { followPaths: ["a", "b"] }), ["a", "a, b", "b", "c"]);
    assert.deepEqual(await select(comma, { followPaths: ["a"] }), ["a"]);
  });

  it("gives a part that the builder can take in: in order, with every folder above", async () => {
    const path = fc
      .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 })
      .map((names) => names.join("/"));
    const paths = fc.array(path, { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(path, { maxLength: 8 }),
        paths,
        paths,
        paths,
        async (files, followPaths, includePatterns, excludePatterns) => {
          const folder = folderOf(...files.map((file) => `${file}/x`));
          const selected = await select(folder, { followPaths, includePatterns, excludePatterns });
          assert.deepEqual(
            selected,
            folder.map(({ stat }) => stat.path).filter((one) => selected.includes(one)),
          );
          for (const one of selected.filter((entry) => entry.includes("/"))) {
            assert.ok(selected.includes(one.slice(0, one.lastIndexOf("/"))), one);
          }
        },
      ),
    );
  });

  it("lets others run while it looks at many entries", async () => {
    const many = folderOf(...Array.from({ length: 20_000 }, (_, index) => `d${String(index % 100)}/f${String(index)}`));
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    await select(many, { followPaths: Array.from({ length: 200 }, (_, index) => `d*/x*${String(index)}`) });
    clearInterval(beat);
    assert.ok(longest < 200, `${String(longest)} ms`);
  });
});
