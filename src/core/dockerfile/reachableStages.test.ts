import assert from "node:assert/strict";
import fc from "fast-check";
import { externalImages } from "./externalImages";
import { listStages } from "./listStages";
import { parseDockerfile } from "./parseDockerfile";
import { reachableStages } from "./reachableStages";
import type { Stage } from "./Stage";
import { UnknownStageError } from "./UnknownStageError";

const stagesOf = (...lines: readonly string[]): readonly Stage[] => listStages(parseDockerfile(lines.join("\n")), {});
const indexes = (stages: readonly Stage[], target?: string): readonly number[] =>
  reachableStages(stages, target).map(({ index }) => index);

const example = stagesOf(
  "FROM a AS deps",
  "FROM b AS unused",
  "FROM deps AS build",
  "RUN --mount=type=bind,from=tools,target=/t --mount=type=cache,target=/c x",
  "FROM c AS tools",
  "FROM --platform=linux/arm64 d AS Final",
  "COPY --from=build /x /x",
  "COPY --from=nginx:1 /y /y",
  "COPY --from=nginx:1 /z /z",
  "RUN --mount=from=busybox z",
);

describe("reachableStages", () => {
  it("follows FROM, COPY --from and RUN --mount=from", () => {
    assert.deepEqual(indexes(example), [0, 2, 3, 4]);
    assert.deepEqual(indexes(example, "build"), [0, 2, 3]);
    assert.deepEqual(indexes(example, "UNUSED"), [1]);
  });

  it("takes an index for a stage", () => {
    assert.deepEqual(indexes(example, "1"), [1]);
    assert.deepEqual(indexes(stagesOf("FROM a", "FROM b", "FROM c", "COPY --from=0 /x /x")), [0, 2]);
    for (const zero of ["+0", "-0", "00"]) {
      assert.deepEqual(indexes(stagesOf("FROM a", "FROM b", "FROM c", `COPY --from=${zero} /x /x`)), [0, 2], zero);
    }
  });

  it("takes all stages of a name, which builders disagree about", () => {
    const stages = stagesOf("FROM a AS x", "FROM b AS y", "COPY --from=x /x /x", "FROM c AS X", "FROM d");
    assert.deepEqual(indexes(stages, "y"), [0, 1, 2]);
    assert.deepEqual(indexes(stages), [3]);
  });

  it("takes what ONBUILD instructions of base images copy from", () => {
    const reached = (...triggered: readonly string[]): readonly number[] =>
      reachableStages(example, "unused", triggered).map(({ index }) => index);
    assert.deepEqual(reached("deps", "nginx"), [0, 1]);
    assert.deepEqual(reached("3"), [1, 3]);
    assert.deepEqual(reached("$X"), [0, 1, 2, 3, 4]);
  });

  it("names the stages there are when it finds none", () => {
    for (const target of ["x", "5", ""]) {
      assert.throws(
        () => reachableStages(example, target),
        (error) =>
          error instanceof UnknownStageError &&
          error.target === target &&
          error.available.join() === "deps,unused,build,tools,final",
      );
    }
  });

  it("takes all that an unknown name can stand for", () => {
    assert.deepEqual(indexes(stagesOf("FROM a AS amd64", "FROM b AS arm64", "FROM $TARGETARCH", "FROM c")), [3]);
    assert.deepEqual(indexes(stagesOf("FROM a AS amd64", "FROM b AS arm64", "FROM $TARGETARCH")), [0, 1, 2]);
    assert.deepEqual(indexes(stagesOf("FROM a", "FROM b", "COPY --from=$X /x /x")), [0, 1]);
  });

  it("counts what an ONBUILD trigger copies", () => {
    assert.deepEqual(
      indexes(stagesOf("FROM a AS x", "FROM b AS y", "ONBUILD COPY --from=x /a /a", "FROM y")),
      [0, 1, 2],
    );
  });

  it("ends on stages that need each other", () => {
    assert.deepEqual(
      indexes(stagesOf("FROM a AS x", "COPY --from=y /a /a", "FROM b AS y", "COPY --from=x /a /a")),
      [0, 1],
    );
  });

  it("reaches at least what every stage that it reaches needs", () => {
    const stage = fc.record({ base: fc.nat(5), from: fc.option(fc.nat(5)) });
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 6 }), (specs) => {
        const stages = stagesOf(
          ...specs.flatMap(({ base, from }, index) => [
            `FROM s${base} AS s${index}`,
            ...(from === null ? [] : [`COPY --from=s${from} /a /b`]),
          ]),
        );
        const reached = indexes(stages);
        assert.equal(reached.at(-1), stages.length - 1);
        for (const index of reached) {
          assert.ok(indexes(stages, `s${index}`).every((needed) => reached.includes(needed)));
        }
      }),
    );
  });
});

describe("externalImages", () => {
  it("lists the images of the reachable stages once each, in order", () => {
    assert.deepEqual(externalImages(reachableStages(example)), [
      { reference: "a", known: true, line: 1 },
      { reference: "c", known: true, line: 5 },
      { reference: "d", known: true, line: 6, platform: { kind: "known", text: "linux/arm64" } },
      { reference: "nginx:1", known: true, line: 8 },
      { reference: "busybox", known: true, line: 10 },
    ]);
  });

  it("marks what is not known, and leaves scratch out", () => {
    const stages = stagesOf("FROM scratch", "FROM a:$TARGETARCH", "COPY --from=scratch / /");
    assert.deepEqual(externalImages(stages), [{ reference: "a:$TARGETARCH", known: false, line: 2 }]);
  });
});
