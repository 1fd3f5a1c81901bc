import assert from "node:assert/strict";
import { parseDockerfile } from "./parseDockerfile";

/** What the heredocs of the second instruction are, given the lines from there on. */
const heredocs = (...lines: readonly string[]): readonly unknown[] =>
  (parseDockerfile(["FROM a", ...lines].join("\n")).instructions[1]?.heredocs ?? []).map(
    ({ name, content, expand, chomp }) => [name, content, ...(expand ? ["expand"] : []), ...(chomp ? ["chomp"] : [])],
  );

describe("heredocs", () => {
  const cases: readonly (readonly [lines: readonly string[], expected: readonly unknown[]])[] = [
    [["RUN <<EMPTY", "EMPTY"], [["EMPTY", "", "expand"]]],
    [["RUN 3<<EOF cat <&3", "FROM x", "EOF"], [["EOF", "FROM x\n", "expand"]]],
    [["RUN <<A", "\tfoo", "\tA", "A"], [["A", "\tfoo\n\tA\n", "expand"]]],
    [["RUN <<-A", "\tfoo", "\tA"], [["A", "\tfoo\n", "expand", "chomp"]]],
    [["RUN <<-'A'", "$NAME", "A"], [["A", "$NAME\n", "chomp"]]],
    [["RUN --mount=type=cache,target=/foo <<M", "x", "M"], [["M", "x\n", "expand"]]],
    [
      ["COPY <<X <<Y /dest", "Y", "X", "X", "Y"],
      [
        ["X", "Y\n", "expand"],
        ["Y", "X\n", "expand"],
      ],
    ],
    [["RUN <<COMPLEX python3", "print('x')", "COMPLEX"], [["COMPLEX", "print('x')\n", "expand"]]],
    [["COPY <<file.txt /dest", "x", "file.txt"], [["file.txt", "x\n", "expand"]]],
    [["RUN <<eo'f'", "x", "eof"], [["eof", "x\n"]]],
    [["RUN <<eo\\'f", "x", "eo'f"], [["eo'f", "x\n", "expand"]]],
    [["RUN <<'e'o\\'f", "x", "eo'f"], [["eo'f", "x\n"]]],
    [["RUN <<'one two'", "x", "one two"], [["one two", "x\n"]]],
    [["RUN <<$EOF", "$EOF"], [["$EOF", "", "expand"]]],
    [["RUN <<  EOF  > foo", "EOF"], [["EOF", "", "expand"]]],
    [["RUN << -EOF", "-EOF"], [["-EOF", "", "expand"]]],
    [["ONBUILD RUN <<E", "x", "E"], [["E", "x\n", "expand"]]],
    [["RUN a <<E \\", "  b", "x", "E"], [["E", "x\n", "expand"]]],
    [['RUN "<<E"'], []],
    [['RUN echo "a <<EOF b"', "CMD c"], []],
    [["RUN '<<E'"], []],
    [['RUN ["<<E"]'], []],
    [["RUN echo $((1<<2))"], []],
    [["RUN cat <<<E"], []],
    [["USER <<E"], []],
    [["RUN <<"], []],
  ];
  for (const [lines, expected] of cases) {
    it(JSON.stringify(lines), () => {
      assert.deepEqual(heredocs(...lines), expected);
    });
  }

  it("are also those of an ONBUILD trigger", () => {
    const [, onbuild] = parseDockerfile("FROM a\nONBUILD RUN <<E\nx\nE\n").instructions;
    assert.deepEqual(onbuild?.trigger?.heredocs, onbuild?.heredocs);
    assert.equal(onbuild?.trigger?.endLine, 4);
  });
});
