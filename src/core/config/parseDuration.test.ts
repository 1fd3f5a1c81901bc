import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDuration, parseTimeout } from "./parseDuration";

describe("parseDuration", () => {
  for (const [value, expected] of [
    [0, 0],
    ["0", 0],
    [90, 90_000],
    [1.5, 1500],
    ["90", 90_000],
    ["90s", 90_000],
    [" 10m ", 600_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["1d2h3m4s5ms", 93_784_005],
    ["250ms", 250],
    ["1m5ms", 60_005],
    ["24d", 2_073_600_000],
  ] as const) {
    it(`reads ${JSON.stringify(value)}`, () => {
      assert.equal(parseDuration(value), expected);
    });
  }

  for (const value of ["", " ", "m", "1x", "-1s", "1m1h", "1s1s", "1.5ms", "1 h", "1e3s", "25d", -1, Infinity, NaN]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.equal(typeof parseDuration(value), "object");
    });
  }

  it("reads what its units add up to", () => {
    const count = fc.nat({ max: 500 });
    fc.assert(
      fc.property(count, count, count, count, (hours, minutes, seconds, milliseconds) => {
        const text = `${String(hours)}h${String(minutes)}m${String(seconds)}s${String(milliseconds)}ms`;
        assert.equal(parseDuration(text), ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds);
      }),
    );
  });

  it("never gives what a timer cannot hold", () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.string(), fc.stringMatching(/^\d+[dhms]$/)), (value) => {
        const duration = parseDuration(value);
        assert.ok(
          typeof duration === "object" || (Number.isInteger(duration) && duration >= 0 && duration < 2 ** 31),
          JSON.stringify(duration),
        );
      }),
    );
  });
});

describe("parseTimeout", () => {
  it("refuses no time at all", () => {
    assert.deepEqual(parseTimeout("0s"), {
      problem: '"0s" leaves no time. Leave it out where there is to be no limit.',
    });
    assert.equal(parseTimeout("1ms"), 1);
    assert.equal(typeof parseTimeout("x"), "object");
  });
});
