import assert from "node:assert/strict";
import { isForPlatform } from "./isForPlatform";
import { parsePlatform } from "./parsePlatform";

describe("parsePlatform", () => {
  const own = parsePlatform("linux/arm64");
  const cases: readonly (readonly [string, string])[] = [
    ["linux/amd64", "linux/amd64/"],
    ["Linux/AMD64", "linux/amd64/"],
    ["amd64", "linux/amd64/"],
    ["linux/x86_64", "linux/amd64/"],
    ["aarch64", "linux/arm64/"],
    ["linux/arm64/v8", "linux/arm64/"],
    ["linux/arm64/v9", "linux/arm64/v9"],
    ["linux/arm", "linux/arm/v7"],
    ["linux/arm/v6", "linux/arm/v6"],
    ["armhf", "linux/arm/v7"],
    ["linux", "linux/arm64/"],
    ["windows/amd64", "windows/amd64/"],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text}`, () => {
      const { os, architecture, variant } = parsePlatform(text, own);
      assert.equal([os, architecture, variant].join("/"), expected);
    });
  }
});

describe("isForPlatform", () => {
  it("compares what the names mean", () => {
    assert.ok(isForPlatform("linux/amd64", "amd64", "linux/arm64"));
    assert.ok(isForPlatform("linux/arm64", "linux/aarch64", "linux/amd64"));
    assert.ok(!isForPlatform("linux/arm64", "linux/amd64", "linux/arm64"));
    assert.ok(!isForPlatform("linux/amd64", "windows/amd64", "linux/amd64"));
  });

  it("takes an image that does not say its architecture", () => {
    assert.ok(isForPlatform("linux/", "linux/amd64", "linux/amd64"));
  });
});
