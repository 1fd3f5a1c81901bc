import assert from "node:assert/strict";
import fc from "fast-check";
import { sortedByPath } from "./SharedFolder";

const sorted = (paths: readonly string[]): readonly string[] => sortedByPath(paths, (path) => path);

/** ComparePath of tonistiigi/fsutil, said in another way: names one after the other, by their UTF-8 bytes. */
function compare(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  for (const [index, name] of left.entries()) {
    const other = right[index];
    if (other === undefined) {
      return 1;
    }
    const order = Buffer.compare(Buffer.from(name), Buffer.from(other));
    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
}

describe("sortedByPath", () => {
  it("puts what is in a folder before what is beside it", () => {
    assert.deepEqual(sorted(["a.b", "a-b", "a/b", "a", "a0", "a/b/c", "a/b-c"]), [
      "a",
      "a/b",
      "a/b/c",
      "a/b-c",
      "a-b",
      "a.b",
      "a0",
    ]);
  });

  it("goes by bytes and not by UTF-16", () => {
    assert.deepEqual(sorted(["\u{1f600}", "\uff01", "é", "z"]), ["z", "é", "\uff01", "\u{1f600}"]);
  });

  it("knows what is in order already, also where UTF-16 has another one", () => {
    for (const paths of [
      ["a", "a/b", "a-b", "a.b", "b"],
      ["\uff01", "\u{1f600}"],
      ["a/\uff01", "a/\u{1f600}", "b"],
    ]) {
      assert.deepEqual(sorted(paths), paths);
      assert.deepEqual(sorted(paths.toReversed()), paths);
    }
    const paths = ["a", "b", "c"];
    assert.equal(sorted(paths), paths);
  });

  it("gives the builder's order for any paths", () => {
    const name = fc.string({
      unit: fc.constantFrom("a", "b", "-", ".", " ", "é", "\uff01", "\u{1f600}"),
      minLength: 1,
      maxLength: 3,
    });
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
    fc.assert(
      fc.property(fc.uniqueArray(path), (paths) => {
        const expected = [...paths].sort(compare);
        assert.deepEqual(sorted(paths), expected);
        assert.deepEqual(sorted(expected), expected);
      }),
    );
  });
});
