import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { Instruction } from "./Dockerfile";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { nameValues } from "./nameValues";
import { operands } from "./operands";
import { parseDockerfile } from "./parseDockerfile";
import { splitWords } from "./splitWords";

const data = new URL("../../../test/conformance/data/dockerfile-parser/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, data), "utf8");

/** Go's `strconv.Quote`, for the characters that occur. */
const quote = (text: string): string =>
  `"${text.replace(/[\\"\p{Cc}]/gu, (character) => {
    const short: Readonly<Record<string, string>> = { "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
    const code = character.charCodeAt(0);
    return (
      short[character] ?? (code >= 32 && code < 127 ? `\\${character}` : `\\x${code.toString(16).padStart(2, "0")}`)
    );
  })}"`;

/** The instruction as BuildKit's dump of its syntax tree shows it. */
function dump(instruction: Instruction, escape: "\\" | "`"): string {
  const flags = instruction.flags.length === 0 ? "" : ` [${instruction.flags.map(quote).join(" ")}]`;
  const next =
    instruction.trigger === undefined ? words(instruction, escape).map(quote) : [dump(instruction.trigger, escape)];
  return `(${[instruction.keyword.toLowerCase() + flags, ...next].join(" ")})`;
}

function words(instruction: Instruction, escape: "\\" | "`"): readonly string[] {
  const { keyword, args, json } = instruction;
  switch (keyword) {
    case "ADD":
    case "COPY":
    case "EXPOSE":
    case "FROM":
    case "VOLUME":
      return operands(instruction);
    case "ARG":
      return splitWords(args, escape);
    case "ENV":
    case "LABEL":
      return nameValues(instruction, escape).flatMap(({ name, value = "", separator }) => [name, value, separator]);
    case "HEALTHCHECK": {
      const [, type, command] = /^(\S*)\s*(.*)$/su.exec(args) ?? [];
      return [type ?? "", ...(json ?? [command ?? ""])].filter((word) => word !== "");
    }
    default:
      return json ?? (args === "" ? [] : [args]);
  }
}

const parse = (text: string): readonly Instruction[] => parseDockerfile(text).instructions;
const refusal = (text: string): DockerfileSyntaxError => {
  try {
    parseDockerfile(text);
  } catch (error) {
    assert.ok(error instanceof DockerfileSyntaxError);
    return error;
  }
  return assert.fail(`accepted: ${text}`);
};

describe("parseDockerfile", () => {
  for (const name of readdirSync(new URL("positive/", data))) {
    it(`makes the same tree as BuildKit of ${name}`, () => {
      const { instructions, directives } = parseDockerfile(read(`positive/${name}/Dockerfile`));
      const tree = instructions.map((instruction) => dump(instruction, directives.escape)).join("\n");
      assert.equal(tree, read(`positive/${name}/result`).trim());
    });
  }

  for (const name of readdirSync(new URL("negative/", data))) {
    it(`refuses ${name} as BuildKit does`, () => {
      refusal(read(`negative/${name}/Dockerfile`));
    });
  }

  it("makes the same tree of HEALTHCHECK and ONBUILD", () => {
    const text = [
      "HEALTHCHECK",
      "HEALTHCHECK --interval=5s --retries=3 \\",
      "  CMD /app/check.sh --quiet",
      "HEALTHCHECK CMD",
      "HEALTHCHECK   CMD   a b",
      'HEALTHCHECK --timeout=3s CMD ["foo"]',
      'ONBUILD ADD --chown=a ["b c", "/d"]',
      "onbuild run foo bar",
    ].join("\n");
    assert.deepEqual(
      parse(text).map((instruction) => dump(instruction, "\\")),
      [
        "(healthcheck)",
        '(healthcheck ["--interval=5s" "--retries=3"] "CMD" "/app/check.sh --quiet")',
        '(healthcheck "CMD")',
        '(healthcheck "CMD" "a b")',
        '(healthcheck ["--timeout=3s"] "CMD" "foo")',
        '(onbuild (add ["--chown=a"] "b c" "/d"))',
        '(onbuild (run "foo bar"))',
      ],
    );
  });

  it("takes what follows an array in JSON form for nothing, as older versions of BuildKit do", () => {
    const jsonOf = (args: string): readonly string[] | undefined => parse(`COPY ${args}`)[0]?.json;
    for (const rest of ["", " ", " more", "#c", '"', " ]", ' ["c"]']) {
      assert.deepEqual(jsonOf(`["a[1]\\"]", "b"]${rest}`), ['a[1]"]', "b"], rest);
    }
    for (const args of ['["a", "b",]', "[a] b", '["a', '["a" "b"] c', '"a" ["b"]']) {
      assert.equal(jsonOf(args), undefined, args);
    }
  });

  it("takes a byte order mark and line ends of Windows", () => {
    const [from, run, copy] = parse("\uFEFFFROM a\r\nRUN b \\\r\n  c\r\n\r\nCOPY <<E /f\r\nx\r\nE\r\n");
    assert.equal(from?.args, "a");
    assert.equal(run?.args, "b   c");
    assert.deepEqual([copy?.startLine, copy?.endLine, copy?.heredocs[0]?.content], [5, 7, "x\r\n"]);
  });

  it("says which lines an instruction takes", () => {
    const text = "# c\n\nFROM a\nRUN b \\\n# c\n\n  d\nRUN <<X\ne\nX\n";
    assert.deepEqual(
      parse(text).map(({ startLine, endLine }) => [startLine, endLine]),
      [
        [3, 3],
        [4, 7],
        [8, 10],
      ],
    );
  });

  it("splits flags as BuildKit does, quotes removed", () => {
    const [run] = parse(`RUN --mount=type=bind,"source=a b" --network='none' -- --x y`);
    assert.deepEqual(run?.flags, ["--mount=type=bind,source=a b", "--network=none"]);
    assert.equal(run.args, "--x y");
  });

  for (const [line, text, message] of [
    [2, "FROM a\nFORM b", /unknown instruction: FORM/],
    [2, "FROM a\nCOPY", /COPY requires/],
    [3, "FROM a\n\nONBUILD FOO b", /unknown instruction: FOO/],
    [2, "FROM a\nONBUILD ONBUILD RUN b", /another ONBUILD/],
    [2, "FROM a\nENV b=1 c", /name=value/],
    [2, "FROM a\nRUN [1]", /strings only/],
    [2, "FROM a\nRUN <<E\nb\n", /nothing ends the heredoc "E"/],
    [2, "FROM a\n\\\n\n", /no instruction/],
    [1, "# escape=x\nFROM a", /invalid escape character/],
    [2, "# syntax=a\n# SYNTAX=b\nFROM a", /only one syntax/],
  ] as const) {
    it(`refuses ${JSON.stringify(text)} with its line`, () => {
      const error = refusal(text);
      assert.match(error.message, message);
      assert.equal(error.line, line);
    });
  }

  it("throws nothing but DockerfileSyntaxError, and its lines are in order and cover all but comments", () => {
    const piece = fc.constantFrom(
      ..."FROM a|RUN b|COPY c d|ENV e=f|ONBUILD |ARG g|\n|\n|\n|\r\n| |\t|\\|\\\n|`|#|<<|<<-|E|\nE\n|\"|'|$|${|}|[|]|--x=|:-|CMD ".split(
        "|",
      ),
    );
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map((pieces) => `FROM z\n${pieces.join("")}`),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let instructions: readonly Instruction[];
        try {
          instructions = parse(text);
        } catch (error) {
          assert.ok(error instanceof DockerfileSyntaxError);
          assert.ok(error.line >= 1 && error.line <= text.split("\n").length);
          return;
        }
        let end = 0;
        const uncovered: string[] = [];
        const lines = text.split("\n");
        for (const { startLine, endLine } of instructions) {
          assert.ok(startLine > end && endLine >= startLine);
          uncovered.push(...lines.slice(end, startLine - 1));
          end = endLine;
        }
        uncovered.push(...lines.slice(end));
        assert.ok(uncovered.every((line) => /^\s*(?:#.*)?$/su.test(line.replace(/[\u0085\uFEFF]/gu, ""))));
      }),
      { numRuns: 3000 },
    );
  });

  it("never takes the lines of a heredoc for instructions", () => {
    const body = fc.array(fc.constantFrom("FROM x", "RUN y", "#", "\\", "", "EO", "<<E", "\tEOF", " EOF"), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(body, fc.constantFrom("RUN", "COPY /a", "ADD /a", "ONBUILD RUN"), (lines, start) => {
        const instructions = parse([`FROM a`, `${start} <<EOF /b`, ...lines, "EOF", "CMD c"].join("\n"));
        assert.deepEqual(
          instructions.map(({ keyword }) => keyword),
          ["FROM", start.split(" ")[0], "CMD"],
        );
        assert.equal(instructions[1]?.heredocs[0]?.content, lines.map((line) => `${line}\n`).join(""));
      }),
    );
  });

  it("is quick on long lines that invite backtracking", () => {
    const long = " ".repeat(200_000);
    const start = performance.now();
    for (const text of [
      `# syntax=a${long}b`,
      `FROM a${long}b`,
      `RUN <<${long}x<`,
      `ENV a${long}`,
      `RUN ["${'\\"'.repeat(200_000)}`,
      `RUN ${"\r".repeat(200_000)}x`,
    ]) {
      try {
        parse(text);
      } catch (error) {
        assert.ok(error instanceof DockerfileSyntaxError);
      }
    }
    assert.ok(performance.now() - start < 3000);
  });
});
