import assert from "node:assert/strict";
import { isForPlatform } from "./isForPlatform";

describe("isForPlatform", () => {
  for (const [actual, wanted, expected] of [
    ["linux/amd64", "linux/amd64", true],
    ["linux/arm64", "linux/amd64", false],
    // A registry gives an older variant where it does not have the one that was asked for.
    ["linux/arm/v7", "linux/arm", true],
    ["linux/arm/v6", "linux/arm/v7", true],
    ["linux/arm64", "linux/arm64/v8", true],
    ["linux/", "linux/amd64", true],
  ] as const) {
    it(`says that an image of ${actual} is ${expected ? "one" : "none"} for ${wanted}`, () => {
      assert.equal(isForPlatform(actual, wanted, "linux/amd64"), expected);
    });
  }
});
