import assert from "node:assert/strict";
import fc from "fast-check";
import { formatDuration } from "./formatDuration";

describe("formatDuration", () => {
  for (const [ms, text] of [
    [0, "0 ms"],
    [0.4, "0 ms"],
    [9, "9 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [1000, "1.0 s"],
    [1449, "1.4 s"],
    [59_949, "59.9 s"],
    [59_951, "1 min 0 s"],
    [60_000, "1 min 0 s"],
    [119_600, "2 min 0 s"],
    [125_000, "2 min 5 s"],
    [3_600_000, "60 min 0 s"],
  ] as const) {
    it(`writes ${String(ms)} ms as "${text}"`, () => {
      assert.equal(formatDuration(ms), text);
    });
  }

  it("never writes a unit that is full, and is never off by more than half of its last digit", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (ms) => {
        const text = formatDuration(ms);
        const [, min, s, onlyS, onlyMs] = /^(?:(\d+) min (\d+) s|([\d.]+) s|(\d+) ms)$/.exec(text) ?? [];
        if (onlyMs !== undefined) {
          assert.ok(Number(onlyMs) < 1000 && Math.abs(Number(onlyMs) - ms) <= 0.5, text);
        } else if (onlyS !== undefined) {
          assert.ok(Number(onlyS) < 60 && Math.abs(Number(onlyS) * 1000 - ms) <= 51, text);
        } else {
          assert.ok(min !== undefined && s !== undefined, text);
          assert.ok(Number(s) < 60 && Math.abs((Number(min) * 60 + Number(s)) * 1000 - ms) <= 501, text);
        }
      }),
    );
  });
});
