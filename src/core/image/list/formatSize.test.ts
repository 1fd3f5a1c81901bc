import assert from "node:assert/strict";
import { formatSize } from "./formatSize";

describe("formatSize", () => {
  for (const [bytes, text] of [
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [9_960, "10 kB"],
    [999_499, "999 kB"],
    [999_600, "1.0 MB"],
    [123_456_789, "123 MB"],
    [1_230_000_000, "1.2 GB"],
    [5e15, "5000 TB"],
  ] as const) {
    it(`shows ${String(bytes)} as ${text}`, () => {
      assert.equal(formatSize(bytes), text);
    });
  }
});
