import assert from "node:assert/strict";
import { isTooOld } from "./isTooOld";

describe("isTooOld", () => {
  for (const [version, expected] of [
    ["1.24", true],
    ["1.40", true],
    ["1.41", false],
    ["1.51", false],
    ["1.100", false],
    ["2.0", false],
    ["0.99", true],
    ["next", false],
  ] as const) {
    it(`says ${String(expected)} of ${version}`, () => {
      assert.equal(isTooOld(version), expected);
    });
  }
});
