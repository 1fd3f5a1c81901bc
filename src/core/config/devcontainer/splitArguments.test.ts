import assert from "node:assert/strict";
import { splitArguments } from "./splitArguments";

describe("splitArguments", () => {
  for (const [words, expected] of [
    [["--name=a=b"], [["name", "a=b"]]],
    [["--cap-add", "ALL"], [["cap-add", "ALL"]]],
    [["-eA=1"], [["env", "A=1"]]],
    [["-e=A=1"], [["env", "A=1"]]],
    [
      ["-e", "A=-1", "-v", "./a:/b"],
      [
        ["env", "A=-1"],
        ["volume", "./a:/b"],
      ],
    ],
    [
      ["--init", "--privileged=false"],
      [
        ["init", undefined],
        ["privileged", "false"],
      ],
    ],
    [
      ["--init", "x"],
      [
        ["init", undefined],
        ["x", undefined],
      ],
    ],
    [
      ["-it", "--rm"],
      [
        ["-it", undefined],
        ["rm", undefined],
      ],
    ],
    [["--label"], [["label", undefined]]],
    [["-x", "y"], [["-x", "y"]]],
    [[""], [["", undefined]]],
  ] as const) {
    it(`reads ${words.join(" ")}`, () => {
      assert.deepEqual(
        splitArguments(words, ["init", "privileged", "rm"]).map(({ name, value }) => [name, value]),
        expected,
      );
    });
  }

  it("tells what was written, over both words", () => {
    assert.deepEqual(
      splitArguments(["--cap-add", "ALL", "-eA=1"], []).map(({ text }) => text),
      ["--cap-add ALL", "-eA=1"],
    );
  });
});
