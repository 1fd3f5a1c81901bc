import assert from "node:assert/strict";
import { join, sep } from "node:path";
import fc from "fast-check";
import { isInnerPath } from "./isInnerPath";

describe("isInnerPath", () => {
  for (const path of [".", "a", "a/../b", "./a/", "..a", "a/..", "src/**/*.ts"]) {
    it(`takes ${path}`, () => {
      assert.equal(isInnerPath(path), true);
    });
  }

  for (const path of [
    "..",
    "../a",
    "a/../../b",
    "./..",
    "/a",
    "C:\\a",
    "C:a",
    "\\\\server\\a",
    "\\a",
    "a\0b",
    "a\nb",
  ]) {
    it(`refuses ${JSON.stringify(path)}`, () => {
      assert.equal(isInnerPath(path), false);
    });
  }

  it("takes nothing that leads out of the folder", () => {
    const piece = fc.constantFrom("..", ".", "a", "/", "//");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = pieces.join("");
        const whole = join("/folder", path);
        assert.ok(!isInnerPath(path) || whole === "/folder" || whole.startsWith(`${sep}folder${sep}`), path);
      }),
    );
  });
});
