import assert from "node:assert/strict";
import { parseMemory, parseSize } from "./parseSize";

const GIB = 1024 ** 3;

describe("parseSize", () => {
  for (const [value, expected] of [
    [1024, 1024],
    ["1024", 1024],
    ["12b", 12],
    ["1k", 1024],
    ["512m", GIB / 2],
    ["2g", 2 * GIB],
    ["2GB", 2 * GIB],
    ["2GiB", 2 * GIB],
    ["1.5 g", 1.5 * GIB],
    ["1t", 1024 * GIB],
  ] as const) {
    it(`reads ${JSON.stringify(value)} as the docker CLI does`, () => {
      assert.equal(parseSize(value), expected);
    });
  }

  for (const value of ["", "g", "2x", "-1", "1e3", "0", 0, -5, 1.5 / 2, "999999999t", "ib", "1ib"]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.equal(typeof parseSize(value), "object");
    });
  }
});

describe("parseMemory", () => {
  it("refuses less than a container can start with", () => {
    assert.equal(parseMemory("6m"), 6 * 1024 ** 2);
    assert.equal(typeof parseMemory("5m"), "object");
    assert.equal(typeof parseMemory("much"), "object");
  });
});
