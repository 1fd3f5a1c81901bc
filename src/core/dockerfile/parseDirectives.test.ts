import assert from "node:assert/strict";
import { parseDirectives } from "./parseDirectives";

const directives = (text: string): unknown => parseDirectives(text.split("\n"));

describe("parseDirectives", () => {
  it("reads all three, whatever the spaces and the case", () => {
    assert.deepEqual(directives("#syntax=docker/dockerfile:1\n  # ESCAPE = `\n# check=skip=all;error=true \nFROM a"), {
      syntax: "docker/dockerfile:1",
      escape: "`",
      check: "skip=all;error=true",
    });
  });

  for (const first of ["", "# a comment", "#", "FROM a", "# unknown=1"]) {
    it(`stops at ${JSON.stringify(first)}`, () => {
      assert.deepEqual(directives(`${first}\n# escape=\``), { escape: "\\" });
    });
  }

  it("cuts off what follows the frontend's image", () => {
    assert.deepEqual(directives("# syntax=a/b:1 --x"), { syntax: "a/b:1", escape: "\\" });
  });

  it("finds the frontend behind a shebang, but nothing else", () => {
    assert.deepEqual(directives("#!/usr/bin/env x\n# syntax=a\n# escape=`"), { syntax: "a", escape: "\\" });
  });
});
