import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expandVariables } from "./expandVariables";
import { UNSET, type VariableLookup } from "./VariableLookup";

const table = readFileSync(new URL("../../../test/conformance/data/envVarTest.txt", import.meta.url), "utf8");

const lookupIn =
  (values: Readonly<Record<string, string>>, otherwise?: typeof UNSET): VariableLookup =>
  (name) =>
    Object.hasOwn(values, name) ? values[name] : otherwise;

const conformanceLookup = lookupIn({ PWD: "/home", SHELL: "bash", KOREAN: "한국어", NULL: "" }, UNSET);

describe("expandVariables", () => {
  describe("conforms to BuildKit's envVarTest", () => {
    for (const line of table.split("\n")) {
      const [platform, word, expected] = line.split("|").map((cell) => cell.trim());
      // The lines for Windows say that names have no case there; images are built for Linux here.
      if (line.startsWith("#") || word === undefined || expected === undefined || platform === "W") {
        continue;
      }
      it(`${word} => ${expected}`, () => {
        const expansion = expandVariables(word, conformanceLookup, "\\");
        assert.equal(expansion.kind === "known" ? expansion.text : "error", expected);
      });
    }
  });

  it("applies patterns", () => {
    const lookup = lookupIn({ V: "foo/bar/baz.tar.gz", D: "a.b", S: "a*b" }, UNSET);
    for (const [word, expected] of [
      ["${V#*/}", "bar/baz.tar.gz"],
      ["${V##*/}", "baz.tar.gz"],
      ["${V%.*}", "foo/bar/baz.tar"],
      ["${V%%.*}", "foo/bar/baz"],
      ["${V#x}", "foo/bar/baz.tar.gz"],
      ["${V#f??}", "/bar/baz.tar.gz"],
      ["${V/ba/BA}", "foo/BAr/baz.tar.gz"],
      ["${V//ba/BA}", "foo/BAr/BAz.tar.gz"],
      ["${V//\\//-}", "foo-bar-baz.tar.gz"],
      ["${V/b*z/x}", "foo/x"],
      ["${V/b??/x}", "foo/x/baz.tar.gz"],
      ["${V//*/x}", "x"],
      ["${D/./+}", "a+b"],
      ["${S#a\\*}", "b"],
      ["${V%${D#a}}", "foo/bar/baz.tar.gz"],
      ["${X#a}", ""],
      ["${X/a/b}", ""],
    ] as const) {
      assert.deepEqual(expandVariables(word, lookup, "\\"), { kind: "known", text: expected }, word);
    }
    assert.equal(expandVariables("${V#\\a}", lookup, "\\").kind, "invalid");
  });

  it("follows the escape directive", () => {
    assert.deepEqual(expandVariables("C:\\a`$A", lookupIn({ A: "1" }), "`"), { kind: "known", text: "C:\\a$A" });
  });

  it("tells an unknown value from an empty one", () => {
    const lookup = lookupIn({ EMPTY: "", SET: "x" });
    assert.deepEqual(expandVariables("a$EMPTY", lookup, "\\"), { kind: "known", text: "a" });
    for (const word of [
      "$U",
      "${U:-d}",
      "${U-d}",
      "${U:+a}",
      "${U:?e}",
      "${U#p}",
      "${U/a/b}",
      "${EMPTY:-$U}",
      "${SET+$U}",
    ]) {
      assert.deepEqual(expandVariables(word, lookup, "\\"), { kind: "unknown", unresolved: ["U"] }, word);
    }
  });

  it("needs no variable that has no part in the result", () => {
    const lookup = lookupIn({ EMPTY: "", SET: "x" });
    for (const [word, text] of [
      ["${SET:-$U}", "x"],
      ["${EMPTY-$U}", ""],
      ["${EMPTY:+$U}", ""],
      ["${SET:?$U}", "x"],
      ["'$U'", "$U"],
      ["\\$U", "$U"],
    ] as const) {
      assert.deepEqual(expandVariables(word, lookup, "\\"), { kind: "known", text }, word);
    }
    assert.deepEqual(expandVariables("$B$U$B", lookup, "\\"), { kind: "unknown", unresolved: ["B", "U"] });
  });

  const word = fc.string({ unit: fc.constantFrom(...Array.from("ab$${{}}:-+?#%/\\\"'*< U")) });

  it("never throws, and knows the result once all variables are known", () => {
    fc.assert(
      fc.property(word, (text) => {
        assert.notEqual(expandVariables(text, () => UNSET, "\\").kind, "unknown");
        assert.notEqual(expandVariables(text, () => "b", "`").kind, "unknown");
      }),
      { numRuns: 3000 },
    );
  });

  it("gives the same known result whatever an unknown variable turns out to be", () => {
    const withU =
      (value: string | typeof UNSET | undefined): VariableLookup =>
      (name) =>
        name === "U" ? value : name;
    fc.assert(
      fc.property(word, fc.constantFrom("", "x", UNSET), (text, value) => {
        const before = expandVariables(text, withU(undefined), "\\");
        const after = expandVariables(text, withU(value), "\\");
        if (before.kind !== "unknown") {
          assert.deepEqual(after, before);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("refuses nesting that would exhaust the stack", () => {
    assert.equal(expandVariables("${a:-".repeat(100_000), () => UNSET, "\\").kind, "invalid");
  });
});
