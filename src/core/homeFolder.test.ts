import assert from "node:assert/strict";
import { homedir } from "node:os";
import { isAbsolute } from "node:path";
import { homeFolder } from "./homeFolder";

describe("homeFolder", () => {
  it("is the user's", () => {
    assert.equal(homeFolder(), homedir());
    assert.equal(homeFolder("/home/somebody"), "/home/somebody");
  });

  for (const home of ["", ".", "home/somebody"]) {
    it(`is no folder of the workspace's when HOME is "${home}"`, () => {
      const folder = homeFolder(home);
      assert.ok(isAbsolute(folder), folder);
      assert.ok(!folder.startsWith(process.cwd()), folder);
    });
  }
});
