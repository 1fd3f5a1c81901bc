import assert from "node:assert/strict";
import { posix } from "node:path";
import fc from "fast-check";
import { entryPath, staysInside } from "./entryPath";

describe("entryPath", () => {
  it("reads names as engines write them", () => {
    assert.deepEqual(entryPath("dist/"), ["dist"]);
    assert.deepEqual(entryPath("./dist/a b/ü.txt"), ["dist", "a b", "ü.txt"]);
    assert.deepEqual(entryPath("a\\b", "linux"), ["a\\b"]);
    assert.deepEqual(entryPath("aux.c", "linux"), ["aux.c"]);
  });

  for (const name of ["/etc/passwd", "../a", "a/../b", "a/..", "..", "a\0b", "x".repeat(256), "a/".repeat(2001)]) {
    it(`takes no ${JSON.stringify(name.slice(0, 20))}`, () => {
      assert.equal(entryPath(name), undefined);
    });
  }

  for (const name of ["a\\b", "c:", "nul", "AUX.c", "com1", "lpt9.txt", "a.", "a ", "a?b", "a\tb", "COM¹"]) {
    it(`takes no ${JSON.stringify(name)} on Windows`, () => {
      assert.equal(entryPath(name, "win32"), undefined);
      assert.equal(entryPath(`dist/${name}/x`, "win32"), undefined);
    });
  }
});

describe("staysInside", () => {
  const names = fc.constantFrom("a", "b", "..", ".", "");
  const targets = fc.array(names, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));

  it("takes links that stay", () => {
    assert.equal(staysInside("a", 0), true);
    assert.equal(staysInside("../a/./b", 1), true);
    assert.equal(staysInside("..", 1), true);
  });

  it("takes none that leads out, or up from where another link may lead", () => {
    for (const target of ["/a", "", "..", "../a", "a/..", "a/../b", "a\0"]) {
      assert.equal(staysInside(target, 0), false, target);
    }
    assert.equal(staysInside("..\\..", 1, "win32"), false);
    assert.equal(staysInside("c:a", 1, "win32"), false);
  });

  it("takes none that leads out by its words alone", () => {
    fc.assert(
      fc.property(targets, fc.nat(3), (target, depth) => {
        const folder = `/top${"/x".repeat(depth)}`;
        const end = posix.resolve(folder, target);
        assert.ok(!staysInside(target, depth) || end === "/top" || end.startsWith("/top/"));
      }),
    );
  });
});
