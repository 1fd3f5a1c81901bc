import assert from "node:assert/strict";
import { compareVersions } from "./compareVersions";

describe("compareVersions", () => {
  for (const [a, b, sign] of [
    ["1.41", "1.41", 0],
    ["1.9", "1.41", -1],
    ["1.100", "1.51", 1],
    ["2.0", "1.51", 1],
    ["4.3.1", "4.4", -1],
    ["5.8.6-dev", "4.4", 1],
    ["dev", "4.4", 1],
  ] as const) {
    it(`${a} and ${b}`, () => {
      assert.equal(Math.sign(compareVersions(a, b)), sign);
    });
  }
});
