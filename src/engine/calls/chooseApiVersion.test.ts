import assert from "node:assert/strict";
import { chooseApiVersion } from "./chooseApiVersion";

describe("chooseApiVersion", () => {
  for (const [engine, chosen] of [
    ["1.41", "1.41"],
    ["1.44", "1.44"],
    ["1.51", "1.51"],
    ["1.52", "1.51"],
    ["1.100", "1.51"],
    ["2.0", "1.51"],
  ] as const) {
    it(`asks an engine of ${engine} for ${chosen}`, () => {
      assert.equal(chooseApiVersion(engine), chosen);
    });
  }
});
