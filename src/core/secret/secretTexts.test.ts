import assert from "node:assert/strict";
import fc from "fast-check";
import { Redactor } from "../redact/Redactor";
import { secretTexts } from "./secretTexts";

const textsOf = (value: string): readonly string[] => secretTexts(Buffer.from(value)).map(({ text }) => text);

describe("secretTexts", () => {
  for (const [what, value, expected] of [
    ["a value", "s3cr3t-token", ["s3cr3t-token"]],
    ["a value as its file has it", " s3cr3t\r\n", ["s3cr3t"]],
    ["a value also as it stands in a URL", "p@ss/w:d", ["p@ss/w:d", "p%40ss%2Fw%3Ad"]],
    ["a value of other letters", "пароль", ["пароль", encodeURIComponent("пароль")]],
    ["nothing of an empty value", "", []],
    ["nothing of white space", "\n \t\n", []],
    ["no value that is in every line of a build", "dev", []],
    ["no switch", "True\n", []],
    [
      "each line of a file, the longest first",
      "-----BEGIN KEY-----\nMIIEowIBAAKC\nxyz=\n-----END KEY-----\n",
      ["-----BEGIN KEY-----", "-----END KEY-----", "MIIEowIBAAKC"],
    ],
    ["no lines of a file that stand in other texts, too", '{\n----------------\n  "a": 1\n}', []],
    ["nothing that is no text", "abc\0defgh", []],
  ] as const) {
    it(`hides ${what}`, () => {
      assert.deepEqual(textsOf(value), expected);
    });
  }

  it("passes over bytes that are no UTF-8, and not over what stands in other lines", () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from("a-long-token\n")]);
    assert.deepEqual(secretTexts(bytes), [{ text: "a-long-token", shown: "***" }]);
  });

  it("does not let a file of many lines make every build slow", () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `line number ${String(index)}`);
    assert.equal(textsOf([...lines, "the longest line is the most likely to be a key"].join("\n")).length, 200);
    assert.equal(textsOf([...lines, "the longest line is the most likely to be a key"].join("\n"))[0]?.length, 47);
  });

  it("leaves no value of four characters and more in what is shown", () => {
    const value = fc
      .string({ unit: "binary", minLength: 4, maxLength: 40 })
      .filter((text) => !/[\s\0\uFFFD]|\p{Cs}/u.test(text));
    fc.assert(
      fc.property(value, fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!["true", "false", "null", "none"].includes(secret.toLowerCase()));
        const redactor = new Redactor(secretTexts(Buffer.from(`${secret}\n`)));
        fc.pre(!`${before}***${after}`.includes(secret));
        assert.ok(!redactor.redact(`${before}${secret}${after}`).includes(secret));
      }),
    );
  });
});
