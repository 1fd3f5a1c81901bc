import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { mountsBelow } from "./mounts.mjs";

describe("mountsBelow", () => {
  it("has the innermost first, and neither the folder itself nor one that only begins like it", () => {
    const paths = ["/", "/a", "/a/b\\040c", "/a/b\\040c/d", "/ab/c"];
    const table = paths.map((path) => `none ${path} tmpfs rw 0 0\n`).join("");
    assert.deepEqual(mountsBelow("/a", table), ["/a/b c/d", "/a/b c"]);
  });
});
