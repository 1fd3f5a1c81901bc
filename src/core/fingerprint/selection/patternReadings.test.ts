import assert from "node:assert/strict";
import { patternReadings } from "./patternReadings";

describe("patternReadings", () => {
  for (const [pattern, ...others] of [
    ["a/b*"],
    ["d/[^x]*"],
    ["a[^x]/f"],
    ["*.[^x]"],
    ["a[bc0-9A-Z_.]f"],
    ["a\\[^x]f"],
    ["d/a[^x]f", "d/a/f"],
    ["a[^x]*", "a/*"],
    ["a[.-0]f", "a/f"],
    ["a[^x][^y]f", "a[^x]/f", "a/[^y]f"],
    ["d/a[x/]f", "d/a[x]f", "d/a/f"],
    ["a[^/]f", "a?f"],
    ["a[/]f", "a/f"],
    ["a[/x]", "a[x]"],
  ] as const) {
    it(`takes ${pattern} ${others.length === 0 ? "as it is" : `also for ${others.join(" and ")}`}`, () => {
      assert.deepEqual(patternReadings(pattern), [pattern, ...others]);
    });
  }

  it("takes the folder ahead where there are too many readings, or a range up to the slash", () => {
    assert.deepEqual(patternReadings(`d/e/a${"[^x]*".repeat(5)}`), ["d/e"]);
    assert.deepEqual(patternReadings("a[.-/]b"), ["."]);
  });
});
