import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { holdLog } from "./heldLog.mjs";

describe("holdLog", () => {
  it("keeps lines until they are asked for, each once and in order", () => {
    const lines = [];
    const held = holdLog((line) => lines.push(line));
    held.log("one");
    held.log("two");
    assert.deepEqual(lines, []);
    held.letGo();
    held.log("three");
    held.letGo();
    assert.deepEqual(lines, ["one", "two", "three"]);
  });
});
