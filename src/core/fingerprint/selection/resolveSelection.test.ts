import assert from "node:assert/strict";
import { FakeContextTree } from "../../../../test/fake/FakeContextTree";
import type { ContextSource } from "./ContextSelection";
import type { ContextTree } from "./ContextTree";
import { resolveSelection } from "./resolveSelection";

const source = (path: string, options: Partial<ContextSource> = {}): ContextSource => ({
  path,
  wildcards: /[*?[\\]/u.test(path),
  parents: false,
  excludes: [],
  line: 2,
  ...options,
});

/** What counts, and what is only on the way, in the order of the paths. */
function placesIn(
  entries: readonly string[],
  ...sources: readonly ContextSource[]
): { readonly counts: readonly string[]; readonly way: readonly string[] } {
  const tree = new FakeContextTree(entries);
  const resolved = resolveSelection({ kind: "some", sources }, tree);
  const at = (place: string): readonly string[] => tree.paths.filter((path) => resolved.placeOf(path) === place);
  for (const path of tree.paths) {
    if (resolved.placeOf(path) !== "outside") {
      const above = path.split("/").slice(0, -1);
      const folders = above.map((_, depth) => above.slice(0, depth + 1).join("/"));
      for (const folder of ["", ...folders]) {
        assert.ok(resolved.mayContain(folder), `${folder || "."} has to be entered for ${path}`);
        assert.notEqual(folder === "" ? "way" : resolved.placeOf(folder), "outside", `${folder} leads to ${path}`);
      }
    }
  }
  return { counts: at("counts"), way: at("way") };
}

const TREE = ["a/b/c.js", "a/b/d.md", "a/e.js", "f.js", "g.md", "h/"];

describe("resolveSelection", () => {
  it("takes a file, and shows the folders above it as the way", () => {
    assert.deepEqual(placesIn(TREE, source("a/b/c.js")), { counts: ["a/b/c.js"], way: ["a", "a/b"] });
  });

  it("takes a folder with all that is below it, and the whole context for '.'", () => {
    assert.deepEqual(placesIn(TREE, source("a/b")), { counts: ["a/b", "a/b/c.js", "a/b/d.md"], way: ["a"] });
    assert.deepEqual(placesIn(TREE, source(".")).counts, new FakeContextTree(TREE).paths);
  });

  it("tries more folders than a call can have arguments", () => {
    const names = Array.from({ length: 150_000 }, (_, index) => String(index));
    const tree: ContextTree = {
      kindOf: (path) => (path.startsWith("d/7/") ? "file" : "directory"),
      linkOf: () => "",
      namesIn: () => names,
    };
    const resolved = resolveSelection({ kind: "some", sources: [source("d/*/x")] }, tree);
    assert.deepEqual(["d/7/x", "d/8/x", "d/7/y"].map(resolved.placeOf), ["counts", "counts", "outside"]);
  }).timeout(10_000);

  it("takes nothing for what is not there, and enters nothing for no sources", () => {
    assert.deepEqual(placesIn(TREE, source("a/x"), source("f.js/x")), { counts: [], way: [] });
    const resolved = resolveSelection({ kind: "some", sources: [] }, new FakeContextTree(TREE));
    assert.equal(resolved.mayContain(""), false);
    assert.equal(resolved.mayContain("a"), false);
  });

  it("does not enter folders beside the way", () => {
    const resolved = resolveSelection({ kind: "some", sources: [source("a/b")] }, new FakeContextTree(TREE));
    assert.deepEqual(["", "a", "a/b", "h"].map(resolved.mayContain), [true, true, true, false]);
  });

  it("counts everything when that is what is selected", () => {
    const resolved = resolveSelection({ kind: "all", doubts: [] }, new FakeContextTree([]));
    assert.equal(resolved.placeOf("a/b"), "counts");
    assert.equal(resolved.mayContain("a"), true);
  });

  it("tries wildcards folder by folder", () => {
    assert.deepEqual(placesIn(TREE, source("*.js")), { counts: ["f.js"], way: [] });
    assert.deepEqual(placesIn(TREE, source("a/*/?.[a-j]s")), { counts: ["a/b/c.js"], way: ["a", "a/b"] });
    assert.deepEqual(placesIn(TREE, source("[^a-g]")), { counts: ["h"], way: [] });
    assert.deepEqual(placesIn(["a[b", "ab"], source("a[[]b")), { counts: ["a[b"], way: [] });
    assert.deepEqual(placesIn(["*", "a"], source("\\*")), { counts: ["*"], way: [] });
    assert.deepEqual(placesIn(["d", "1"], source("\\d")), { counts: ["d"], way: [] });
    assert.deepEqual(placesIn(["x.y+z", "xay+z"], source("x.y+*")), { counts: ["x.y+z"], way: [] });
  });

  it("takes every name for a pattern that the builder refuses", () => {
    assert.deepEqual(placesIn(["a", "b/c"], source("[a-")).counts, ["a", "b", "b/c"]);
  });

  it("takes any folders for **, as buildah does", () => {
    assert.deepEqual(placesIn(TREE, source("a/**/*.js")).counts, ["a/b/c.js", "a/e.js"]);
    assert.deepEqual(placesIn(TREE, source("a/**")).counts, ["a", "a/b", "a/b/c.js", "a/b/d.md", "a/e.js"]);
    assert.deepEqual(placesIn(["a1c", "a/c"], source("a**c")).counts, ["a1c"]);
  });

  it("counts the folders above as well with parents", () => {
    assert.deepEqual(placesIn(TREE, source("a/b/*.js", { parents: true })), {
      counts: ["a", "a/b", "a/b/c.js"],
      way: [],
    });
  });

  describe("links", () => {
    it("follows one at the end and one in the middle", () => {
      const tree = ["real/file", "real/other", "dir -> real", "one -> real/file", "x"];
      assert.deepEqual(placesIn(tree, source("one")), { counts: ["one", "real/file"], way: ["real"] });
      assert.deepEqual(placesIn(tree, source("dir/file")), { counts: ["dir", "real/file"], way: ["real"] });
      assert.deepEqual(placesIn(tree, source("dir")).counts, ["dir", "real", "real/file", "real/other"]);
    });

    it("keeps those inside of a folder that is copied as they are", () => {
      assert.deepEqual(placesIn(["a/l -> ../b", "b"], source("a")).counts, ["a", "a/l"]);
    });

    it("follows those that a wildcard matches", () => {
      const tree = ["l1 -> real/f", "l2/x", "real/f", "real/g", "k1 -> real", "m"];
      assert.deepEqual(placesIn(tree, source("l?")).counts, ["l1", "l2", "l2/x", "real/f"]);
      assert.deepEqual(placesIn(tree, source("k*/g")).counts, ["k1", "real/g"]);
    });

    it("does not leave the context: absolute targets and too many '..' start at its root", () => {
      const tree = ["a/abs -> /b", "a/up -> ../../../../b", "b", "c"];
      assert.deepEqual(placesIn(tree, source("a/abs")), { counts: ["a/abs", "b"], way: ["a"] });
      assert.deepEqual(placesIn(tree, source("a/up")), { counts: ["a/up", "b"], way: ["a"] });
    });

    it("takes both meanings of a '..' after a link", () => {
      const tree = ["deep/er/x", "deep/y", "y", "in -> deep/er", "l -> in/../y"];
      assert.deepEqual(placesIn(tree, source("l")).counts, ["deep/er", "deep/y", "in", "l", "y"]);
    });

    it("takes a folder that a '..' follows, which has to be there for a system that follows the link", () => {
      assert.deepEqual(placesIn(["e/x", "d/f", "l -> e/../d"], source("l/f")), {
        counts: ["d/f", "e", "l"],
        way: ["d"],
      });
    });

    it("ends with links in circles and with ones that grow", () => {
      assert.deepEqual(placesIn(["a -> b", "b -> a"], source("a")).counts, ["a", "b"]);
      assert.deepEqual(placesIn(["a -> a/b"], source("a")).counts, ["a"]);
      assert.deepEqual(placesIn(["d/l -> ..", "d/f"], source("d/l/d/l/d/f")).counts, ["d/f", "d/l"]);
    });

    it("counts everything in a maze", () => {
      const rungs = Array.from({ length: 40 }, (_, index) => [
        `l${String(index)} -> x${String(index)}/../l${String(index + 1)}`,
        `x${String(index)} -> l${String(index + 1)}/a`,
      ]).flat();
      const resolved = resolveSelection({ kind: "some", sources: [source("l0/z")] }, new FakeContextTree(rungs));
      assert.equal(resolved.placeOf("somewhere/else"), "counts");
    });

    it("understands what Windows stores", () => {
      assert.deepEqual(placesIn(["l -> real\\f", "real/f"], source("l")).counts, ["l", "real/f"]);
      assert.deepEqual(placesIn(["l -> C:\\real", "real/f"], source("l")).counts, ["l", "real", "real/f"]);
    });
  });

  describe("excludes", () => {
    it("leave out what they match below the source, and what is in that", () => {
      const tree = ["a/b/c.md", "a/b/d", "a/c.md", "a/skip/x", "c.md"];
      const counts = ["a", "a/b", "a/b/c.md", "a/b/d"];
      assert.deepEqual(placesIn(tree, source("a", { excludes: ["*.md", "skip"] })).counts, counts);
      assert.deepEqual(placesIn(tree, source("a", { excludes: ["**/*.md", "skip"] })).counts, ["a", "a/b", "a/b/d"]);
    });

    it("do not count for a file, nor for what another source takes", () => {
      const tree = ["a/c.md", "a/d", "c.md"];
      assert.deepEqual(placesIn(tree, source("c.md", { excludes: ["*.md"] })).counts, ["c.md"]);
      const both = placesIn(tree, source("a", { excludes: ["*"] }), source("a/c.md"));
      assert.deepEqual(both.counts, ["a", "a/c.md"]);
      const twice = placesIn(tree, source("a", { excludes: ["*.md"] }), source("a", { excludes: ["d"] }));
      assert.deepEqual(twice.counts, ["a", "a/c.md", "a/d"]);
    });

    it("do not leave out what a link leads to that is copied, for BuildKit follows it", () => {
      const tree = ["a.md", "l -> a.md", "m.md -> b.md", "b.md", "c.md"];
      assert.deepEqual(placesIn(tree, source(".", { excludes: ["*.md"] })).counts, ["a.md", "l"]);
      const below = ["d/e/l -> ../../f/g", "d/no/l -> ../../f/h", "f/g/i", "f/h"];
      assert.deepEqual(placesIn(below, source("d", { excludes: ["no"] })), {
        counts: ["d", "d/e", "d/e/l", "f/g", "f/g/i"],
        way: ["f"],
      });
    });

    it("spare the reading of a folder", () => {
      const resolved = resolveSelection(
        { kind: "some", sources: [source(".", { excludes: ["node_modules"] })] },
        new FakeContextTree(["node_modules/x", "src/x"]),
      );
      assert.deepEqual(["", "src", "node_modules"].map(resolved.mayContain), [true, true, false]);
    });
  });

  it("is fast on 200,000 paths", () => {
    const paths = Array.from({ length: 200_000 }, (_, index) => `d${String(index % 2000)}/sub/f${String(index)}`);
    const tree = {
      kindOf: (path: string) => (path.includes("/f") ? ("file" as const) : ("directory" as const)),
      linkOf: () => "",
      namesIn: () => Array.from({ length: 2000 }, (_, index) => `d${String(index)}`),
    };
    const resolved = resolveSelection({ kind: "some", sources: [source("d?"), source("d1*/sub")] }, tree);
    const start = performance.now();
    const counted = paths.filter((path) => resolved.placeOf(path) === "counts").length;
    assert.ok(performance.now() - start < 2500);
    assert.equal(counted, 112_000);
  });
});
