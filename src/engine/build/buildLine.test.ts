import assert from "node:assert/strict";
import fc from "fast-check";
import { errorOf, exitCodeOf, parseBuildLine } from "./buildLine";

describe("parseBuildLine", () => {
  it("reads the lines that Docker and Podman send", () => {
    for (const line of [
      { stream: "STEP 1/2: FROM alpine\n" },
      { id: "moby.buildkit.trace", aux: "CgA=" },
      { id: "moby.image.id", aux: { ID: "sha256:1" } },
      { status: "Downloading", progressDetail: { current: 1, total: 2 }, id: "abc" },
      { status: "Pull complete", progressDetail: {}, id: "abc" },
      { error: "no", errorDetail: { message: "no" } },
    ]) {
      assert.deepEqual(parseBuildLine(line), line);
    }
  });

  it("leaves out fields that it does not know", () => {
    assert.deepEqual(parseBuildLine({ stream: "x", progress: "[=> ]", errorDetail: { code: 1, message: "m" } }), {
      stream: "x",
      errorDetail: { code: 1, message: "m" },
    });
  });

  it("takes anything else as an empty line", () => {
    for (const value of [null, undefined, 1, "x", [], { stream: 1 }, { aux: [1] }]) {
      assert.deepEqual(parseBuildLine(value), {}, JSON.stringify(value));
    }
    fc.assert(
      fc.property(fc.anything(), (value) => {
        assert.equal(typeof parseBuildLine(value), "object");
      }),
    );
  });
});

describe("errorOf", () => {
  it("prefers the detail, and takes the other where there is none", () => {
    assert.equal(errorOf({ error: "short", errorDetail: { message: " long\n" } }), "long");
    assert.equal(errorOf({ error: "short\n" }), "short");
    assert.equal(errorOf({ error: "short", errorDetail: null }), "short");
    assert.equal(errorOf({ error: "short", errorDetail: { message: "" } }), "short");
    assert.equal(errorOf({ error: "short", errorDetail: {} }), "short");
  });

  it("is undefined only for a line without an error", () => {
    assert.equal(errorOf({ stream: "error: none" }), undefined);
    assert.equal(errorOf({ error: "" }), "");
    assert.equal(errorOf({ errorDetail: { message: "" } }), "");
  });
});

describe("exitCodeOf", () => {
  it("takes no time for a long text without one", () => {
    const started = performance.now();
    assert.equal(exitCodeOf("RUN x ".repeat(20_000)), undefined);
    assert.ok(performance.now() - started < 1_000);
  });

  for (const [detail, code] of [
    ['process "/bin/sh -c false" did not complete successfully: exit code: 1', 1],
    ['building at STEP "RUN exit 4": while running runtime: exit status 4', 4],
    ["The command '/bin/sh -c x' returned a non-zero code: exit code 137", 137],
    ["The command '/bin/sh -c exit 3' returned a non-zero code: 3", 3],
    // What is said last counts: the command may have such words in it.
    ['process "/bin/sh -c echo exit code: 9; exit 4" did not complete successfully: exit code: 4', 4],
    ["The command '/bin/sh -c echo exit code: 9; exit 4' returned a non-zero code: 4", 4],
    ["failed to solve: node:nope: not found", undefined],
    ["", undefined],
  ] as const) {
    it(`finds ${String(code)} in "${detail}"`, () => {
      assert.equal(exitCodeOf(detail), code);
    });
  }
});
