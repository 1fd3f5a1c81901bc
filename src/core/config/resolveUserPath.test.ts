import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { resolveUserPath } from "./resolveUserPath";

const base = resolve("/base");
const home = resolve("/home/me");

describe("resolveUserPath", () => {
  for (const [path, expected] of [
    ["~/.npmrc", join(home, ".npmrc")],
    ["~\\.npmrc", join(home, ".npmrc")],
    ["a/b", join(base, "a", "b")],
    ["./a", join(base, "a")],
    ["../a", resolve(base, "..", "a")],
    [resolve("/etc/x"), resolve("/etc/x")],
    // A user's name, as shells expand it, is not looked up.
    ["~me/x", join(base, "~me", "x")],
    ["a~/x", join(base, "a~", "x")],
  ] as const) {
    it(`reads ${path}`, () => {
      assert.equal(resolveUserPath(path, { base, home }), expected);
    });
  }
});
