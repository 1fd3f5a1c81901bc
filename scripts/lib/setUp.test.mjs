import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { isInstalled } from "./setUp.mjs";

describe("isInstalled", () => {
  const locked = {
    "": { version: "1.0.0" },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/win": { version: "1.0.0", integrity: "sha512-w", optional: true },
  };
  const a = { version: "1.0.0", integrity: "sha512-a" };
  const cases = [
    ["the same, without another platform's package", { "node_modules/a": a }, true],
    ["nothing", undefined, false],
    ["a missing package", {}, false],
    ["another version", { "node_modules/a": { ...a, version: "1.0.1" } }, false],
    ["other content", { "node_modules/a": { ...a, integrity: "sha512-b" } }, false],
    ["a package too many", { "node_modules/a": a, "node_modules/b": a }, false],
  ];
  for (const [title, installed, expected] of cases) {
    it(`${title}: ${expected}`, () => assert.equal(isInstalled(locked, installed), expected));
  }
});
