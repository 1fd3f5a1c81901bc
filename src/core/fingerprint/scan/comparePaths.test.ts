import assert from "node:assert/strict";
import fc from "fast-check";
import { comparePaths } from "./comparePaths";

describe("comparePaths", () => {
  it("is the order of a walk that takes names by their UTF-8 bytes", () => {
    const name = fc.string({
      unit: fc.constantFrom("a", "b", ".", "-", "\u0001", "é", "\uFFFD", "\u{1F600}", "\uE000"),
      minLength: 1,
      maxLength: 3,
    });
    const path = fc.array(name, { minLength: 1, maxLength: 4 });
    const byNames = (a: readonly string[], b: readonly string[]): number => {
      const index = a.findIndex((each, at) => each !== b[at]);
      return index < 0
        ? a.length - b.length
        : b[index] === undefined
          ? 1
          : Buffer.compare(Buffer.from(a[index] ?? ""), Buffer.from(b[index]));
    };
    fc.assert(
      fc.property(path, path, (a, b) => {
        assert.equal(Math.sign(comparePaths(a.join("/"), b.join("/"))), Math.sign(byNames(a, b)));
      }),
      { numRuns: 2_000 },
    );
  });
});
