import assert from "node:assert/strict";
import { formatAge } from "./formatAge";

describe("formatAge", () => {
  const minute = 60_000;
  for (const [ms, text] of [
    [-5 * minute, "just now"],
    [minute - 1, "just now"],
    [minute, "1 min ago"],
    [60 * minute - 1, "59 min ago"],
    [47 * 60 * minute, "47 h ago"],
    [48 * 60 * minute, "2 days ago"],
    [400 * 24 * 60 * minute, "400 days ago"],
  ] as const) {
    it(`shows ${String(ms)} as ${text}`, () => {
      assert.equal(formatAge(ms), text);
    });
  }
});
