import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ShellLexer } from "./ShellLexer";
import { ShellSyntaxError } from "./ShellSyntaxError";
import { UNSET } from "./VariableLookup";

const table = readFileSync(new URL("../../../test/conformance/data/wordsTest.txt", import.meta.url), "utf8");

describe("ShellLexer", () => {
  describe("splits words as BuildKit's wordsTest says", () => {
    const variables = new Map<string, string>();
    for (const line of table.split("\n").filter((text) => text !== "" && !text.startsWith("#"))) {
      const [, name, value] = /^ENV ([^=]*)=(.*)$/u.exec(line) ?? [];
      if (name !== undefined && value !== undefined) {
        variables.set(name, value);
        continue;
      }
      const [text = "", expected = ""] = line.split("|");
      const known = new Map(variables);
      it(line, () => {
        const lex = (): readonly string[] =>
          ShellLexer.lex(text.trim(), { escape: "\\", lookup: (variable) => known.get(variable) ?? UNSET }).words;
        if (expected.trim() === "error") {
          assert.throws(lex, ShellSyntaxError);
        } else {
          assert.deepEqual(lex(), expected.trimStart().split(","));
        }
      });
    }
  });

  it("leaves quotes, escapes and unset variables when asked to", () => {
    const { text } = ShellLexer.lex("a\\b '$c' \"d\" $e ${f:-g}", {
      escape: "\\",
      lookup: () => UNSET,
      rawQuotes: true,
      rawEscapes: true,
      keepUnset: true,
    });
    assert.equal(text, "a\\b '$c' \"d\" $e ${f:-g}");
  });
});
