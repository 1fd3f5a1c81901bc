import assert from "node:assert/strict";
import fc from "fast-check";
import { splitFields } from "./splitFields";

describe("splitFields", () => {
  for (const [line, expected] of [
    ["", [""]],
    ["a", ["a"]],
    ["a,b=c,", ["a", "b=c", ""]],
    [",", ["", ""]],
    ['"a,b",c', ["a,b", "c"]],
    ['"a ""b""",""', ['a "b"', ""]],
    ['a"b,c', ['a"b', "c"]],
    ['"a', undefined],
    ['"a"b', undefined],
    ['a,"b', undefined],
    ['"a""', undefined],
  ] as const) {
    it(`splits ${line}`, () => {
      assert.deepEqual(splitFields(line), expected);
    });
  }

  it("gives back whatever was quoted", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (fields) => {
        const line = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",");
        assert.deepEqual(splitFields(line), fields);
      }),
    );
  });
});
