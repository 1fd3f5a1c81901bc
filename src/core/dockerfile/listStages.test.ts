import assert from "node:assert/strict";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { listStages } from "./listStages";
import { parseDockerfile } from "./parseDockerfile";
import type { Stage } from "./Stage";

const stagesOf = (text: string, args: Readonly<Record<string, string>> = {}): readonly Stage[] =>
  listStages(parseDockerfile(text), args);

describe("listStages", () => {
  it("tells stages, images and scratch apart", () => {
    const stages = stagesOf(
      "FROM Alpine:3 AS Build\nRUN a\nFROM scratch\nFROM build as final\nCOPY a b\nCMD c\nFROM later\nFROM a AS later",
    );
    assert.deepEqual(
      stages.map(({ index, name, base, line, instructions }) => [index, name, base, line, instructions.length]),
      [
        [0, "build", { kind: "image", reference: "Alpine:3" }, 1, 1],
        [1, undefined, { kind: "scratch" }, 3, 0],
        [2, "final", { kind: "stage", index: 0 }, 4, 2],
        [3, undefined, { kind: "image", reference: "later" }, 7, 0],
        [4, "later", { kind: "image", reference: "a" }, 8, 0],
      ],
    );
  });

  it("replaces global arguments, given ones before defaults", () => {
    const text = "ARG V=1\nARG IMAGE=node:${V}-x\nFROM $IMAGE\nFROM a:$V";
    const bases = (args: Readonly<Record<string, string>>): unknown => stagesOf(text, args).map(({ base }) => base);
    assert.deepEqual(bases({}), [
      { kind: "image", reference: "node:1-x" },
      { kind: "image", reference: "a:1" },
    ]);
    assert.deepEqual(bases({ V: "2", OTHER: "3" }), [
      { kind: "image", reference: "node:2-x" },
      { kind: "image", reference: "a:2" },
    ]);
  });

  it("does not see arguments that are declared inside a stage or not at all", () => {
    assert.throws(() => stagesOf("FROM $A", { A: "x" }), /is empty/u);
    assert.throws(() => stagesOf("FROM b\nARG A=x\nFROM $A"), /is empty/u);
  });

  it("knows the builder's own arguments only if they are given", () => {
    const text = "FROM --platform=$BUILDPLATFORM a-${TARGETARCH}";
    assert.deepEqual(
      stagesOf(text).map(({ base, platform }) => [base, platform]),
      [
        [
          { kind: "unknown", text: "a-${TARGETARCH}" },
          { kind: "unknown", unresolved: ["BUILDPLATFORM"] },
        ],
      ],
    );
    assert.deepEqual(
      stagesOf(text, { BUILDPLATFORM: "linux/amd64", TARGETARCH: "arm64" }).map(({ base, platform }) => [
        base,
        platform,
      ]),
      [
        [
          { kind: "image", reference: "a-arm64" },
          { kind: "known", text: "linux/amd64" },
        ],
      ],
    );
  });

  it("gives a default made of unknown arguments no value either", () => {
    assert.deepEqual(stagesOf("ARG A=x-$TARGETARCH\nFROM $A")[0]?.base, { kind: "unknown", text: "$A" });
  });

  for (const [line, text, message] of [
    [1, "RUN a\nFROM b", /before the first FROM/],
    [2, "ARG A\nARG B", /has no FROM/],
    [1, "FROM a b", /FROM requires/],
    [1, "FROM a AS", /FROM requires/],
    [1, "FROM a AS 1b", /cannot name a stage/],
    [1, "FROM --platform=$X a", /is empty/],
    [1, "FROM a${", /bad substitution/],
    [2, "FROM a\nCOPY b\nFROM c", /at least two arguments/],
    [2, "FROM a\nCOPY b <<E\nE", /destination/],
    [2, "FROM a\nHEALTHCHECK", /at least one argument/],
    [2, "FROM a\nHEALTHCHECK CMD", /requires a command/],
    [2, "FROM a\nHEALTHCHECK NONE x", /no arguments/],
    [2, "FROM a\nHEALTHCHECK CONNECT x", /does not know/],
    [2, "FROM a\nSHELL sh", /JSON form/],
    [2, "FROM a\nVOLUME []", /at least one argument/],
    [2, "FROM a\nONBUILD FROM b", /cannot trigger FROM/],
    [2, "FROM a\nONBUILD COPY b", /at least two arguments/],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => stagesOf(text),
        (error) => error instanceof DockerfileSyntaxError && error.line === line && message.test(error.message),
      );
    });
  }
});
