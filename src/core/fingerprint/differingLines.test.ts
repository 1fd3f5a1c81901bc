import assert from "node:assert/strict";
import fc from "fast-check";
import { differingLines } from "./differingLines";

describe("differingLines", () => {
  const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
  /** Each takes away one that is the same. */
  const left = (lines: readonly string[], others: readonly string[]): readonly string[] => {
    const taking = [...others];
    return lines.filter((line) => {
      const index = taking.indexOf(line);
      if (index >= 0) {
        taking.splice(index, 1);
      }
      return index < 0;
    });
  };

  const some = fc.constantFrom("", "a", "aa", "ab", "b", "c", "d", "e");

  it("gives what each has and the other has not, in its own order", async () => {
    const lines = fc.uniqueArray(some);
    await fc.assert(
      fc.asyncProperty(lines, lines, async (before, after) => {
        const expected = { before: left(before, after), after: left(after, before) };
        assert.deepEqual(await differingLines(textOf(before), after), expected);
      }),
    );
  });

  it("gives of lines that are there several times as many as there are more", async () => {
    const lines = fc.array(some, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(lines, lines, async (before, after) => {
        const found = await differingLines(textOf(before), after);
        assert.deepEqual([...found.before].sort(), [...left(before, after)].sort());
        assert.deepEqual([...found.after].sort(), [...left(after, before)].sort());
      }),
    );
  });

  it("finds a few changes among many lines", async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `line ${String(index)}`);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(many.length - 1), { maxLength: 6 }), fc.nat(3), async (places, kind) => {
        const set = new Set(places);
        const after = many.flatMap((line, index) =>
          !set.has(index) ? [line] : kind === 0 ? [] : kind === 1 ? ["new", line] : [`${line} changed`],
        );
        const found = await differingLines(textOf(many), after);
        assert.deepEqual(found.before, left(many, after));
        assert.deepEqual(found.after, left(after, many));
      }),
      { numRuns: 50 },
    );
  });

  it("throws when the last line is cut off", async () => {
    await assert.rejects(differingLines("a\nb", ["a"]), /cut off/);
  });

  it("lets others run while it compares very many lines that are nowhere side by side", async () => {
    const many = Array.from({ length: 200_000 }, (_, index) => `line ${String(index)}`);
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    const found = await differingLines(textOf(many), [...many.slice(3), "one", "two", "three", "four"]);
    clearInterval(ticking);
    assert.deepEqual(found, { before: many.slice(0, 3), after: ["one", "two", "three", "four"] });
    assert.ok(turns > 2, String(turns));
  });
});
