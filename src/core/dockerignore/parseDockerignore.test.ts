import assert from "node:assert/strict";
import { parseDockerignore } from "./parseDockerignore";

describe("parseDockerignore", () => {
  it("reads patterns in order and makes them relative to the context", () => {
    const content = "test1\n/test2\n/a/file/here\n\nlastfile\n# this is a comment\n! /inverted/abs/path\n!\n! ";
    assert.deepEqual(parseDockerignore(content), [
      "test1",
      "test2",
      "a/file/here",
      "lastfile",
      "!inverted/abs/path",
      "!",
      "!",
    ]);
  });

  it("takes a # for a comment in the first column only", () => {
    assert.deepEqual(parseDockerignore("#a\n #b\n\t#c\nd#e"), ["#b", "#c", "d#e"]);
  });

  it("drops a byte order mark, line ends of Windows and surrounding spaces", () => {
    assert.deepEqual(parseDockerignore("\uFEFF# first\r\n  a/b  \r\n\u00a0c\u0085\r\n"), ["a/b", "c"]);
  });

  it("cleans paths as Go does", () => {
    assert.deepEqual(parseDockerignore("a//b/\n./c\nd/../e\n../f\n/\n.\n!./g/\n/../h"), [
      "a/b",
      "c",
      "e",
      "../f",
      "/",
      ".",
      "!g",
      "h",
    ]);
  });

  it("finds nothing in an empty file", () => {
    assert.deepEqual(parseDockerignore(""), []);
    assert.deepEqual(parseDockerignore("\uFEFF"), []);
  });
});
