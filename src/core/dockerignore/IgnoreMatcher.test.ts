import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { z } from "zod";
import { IgnoreMatcher, type MatchResult } from "./IgnoreMatcher";
import { InvalidPatternError } from "./InvalidPatternError";

const conformance = z
  .object({ cases: z.array(z.object({ patterns: z.array(z.string()), path: z.string(), ignored: z.boolean() })) })
  .parse(
    JSON.parse(readFileSync(new URL("../../../test/conformance/data/dockerignore.json", import.meta.url), "utf8")),
  );

const ignores = (patterns: readonly string[], path: string): boolean => new IgnoreMatcher(patterns).match(path).ignored;

/** Few names and many wildcards, so that random patterns and random paths meet often. */
const segment = fc.constantFrom("a", "b", "ab", "a.b", ".e", "x+y");
const paths = fc.array(segment, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const globSegment = fc.oneof(
  segment,
  fc.constantFrom("*", "**", "a*", "?", "[a-b]", "**b", "a**", "*.b", "\\a", "[^a]"),
);
const patterns = fc.array(
  fc
    .tuple(fc.boolean(), fc.array(globSegment, { minLength: 1, maxLength: 4 }))
    .map(([exception, names]) => `${exception ? "!" : ""}${names.join("/")}`),
  { maxLength: 6 },
);

/** Every folder on the way to the path, outermost first. */
const ancestors = (path: string): readonly string[] =>
  [...path.matchAll(/\//gu)].map((slash) => path.slice(0, slash.index));

describe("IgnoreMatcher", () => {
  describe("conforms to moby/patternmatcher", () => {
    for (const { patterns: list, path, ignored } of conformance.cases) {
      it(`${JSON.stringify(list)} ${ignored ? "ignores" : "keeps"} ${path}`, () => {
        assert.equal(ignores(list, path), ignored);
      });
    }
  });

  it("lets the last pattern that matches decide", () => {
    assert.equal(ignores(["*.md", "!README.md"], "README.md"), false);
    assert.equal(ignores(["!README.md", "*.md"], "README.md"), true);
    assert.equal(ignores(["docs", "!docs/a.md", "docs/a.md"], "docs/a.md"), true);
  });

  it("takes what a folder matched over to its entries, as BuildKit's walk does", () => {
    assert.equal(ignores(["**/.env", "!src"], "src/.env"), true);
    assert.equal(ignores(["node_modules", "!node_modules/keep"], "node_modules/keep/file"), false);
  });

  it("reads characters that only a regular expression treats specially as themselves", () => {
    assert.equal(ignores(["x+y.*"], "x+y.txt"), true);
    assert.equal(ignores(["x+y.*"], "xxy.txt"), false);
    assert.equal(ignores(["a(b)|{c}$*"], "a(b)|{c}$1"), true);
    assert.equal(ignores(["^a*"], "^a1"), false, "moby leaves ^ as an anchor");
  });

  it("counts a character outside the basic plane as one", () => {
    assert.equal(ignores(["a?b"], "a😀b"), true);
    assert.equal(ignores(["[😀-😂]"], "😁"), true);
  });

  it("understands escapes and classes as Go does", () => {
    assert.equal(ignores(["a\\*b"], "a*b"), true);
    assert.equal(ignores(["a\\*b"], "axb"), false);
    assert.equal(ignores(["[\\]a]"], "]"), true);
    assert.equal(ignores(["[x\\-]"], "-"), true);
    assert.equal(ignores(["[a-ζ]*"], "α"), true);
    assert.equal(ignores(["[^a]"], "\n"), true);
  });

  for (const pattern of ["[", "[^", "[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "a[", "\\", "!", "!a[", "[z-a]", "\\q"]) {
    it(`refuses ${pattern}`, () => {
      assert.throws(
        () => new IgnoreMatcher([pattern]),
        (error) => error instanceof InvalidPatternError && error.pattern === pattern,
      );
    });
  }

  it("enters an ignored folder only if an exception can match below it", () => {
    const matcher = new IgnoreMatcher(["*", "!src/app/**", "!web/*.ts", "!one/file"]);
    for (const directory of ["src", "web", "one"]) {
      assert.equal(matcher.mayContainExceptions(directory), true, directory);
    }
    for (const directory of ["node_modules", "sr", "src/application", "one/file"]) {
      assert.equal(matcher.mayContainExceptions(directory), false, directory);
    }
    assert.equal(new IgnoreMatcher(["*"]).mayContainExceptions("src"), false);
    assert.equal(new IgnoreMatcher(["*", "!**/.env"]).mayContainExceptions("node_modules"), true);
  });

  it("refuses a parent's result of another matcher", () => {
    const parent = new IgnoreMatcher(["a"]).match("a");
    assert.throws(() => new IgnoreMatcher(["a", "!b"]).match("a/b", parent), RangeError);
  });

  it("gives the same result with and without the parent's", () => {
    fc.assert(
      fc.property(patterns, paths, (list, path) => {
        const matcher = new IgnoreMatcher(list);
        let parent: MatchResult | undefined;
        for (const directory of ancestors(path)) {
          parent = matcher.match(directory, parent);
        }
        assert.deepEqual(matcher.match(path, parent), matcher.match(path));
      }),
      { numRuns: 2000 },
    );
  });

  it("never has an included path below a folder that need not be entered", () => {
    fc.assert(
      fc.property(patterns, paths, (list, path) => {
        const matcher = new IgnoreMatcher(list);
        const skipped = ancestors(path).some(
          (directory) => matcher.match(directory).ignored && !matcher.mayContainExceptions(directory),
        );
        assert.ok(!skipped || matcher.match(path).ignored);
      }),
      { numRuns: 5000 },
    );
  });

  it("throws nothing but InvalidPatternError, whatever the patterns", () => {
    const odd = fc.string({
      unit: fc.constantFrom("*", "[", "]", "\\", "^", "-", "!", "a", "/", "d", "?", ".", ":", "é"),
    });
    fc.assert(
      fc.property(fc.array(odd), paths, (list, path) => {
        try {
          new IgnoreMatcher(list).match(path);
        } catch (error) {
          assert.ok(error instanceof InvalidPatternError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
