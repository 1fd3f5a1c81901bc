import assert from "node:assert/strict";
import type { ImageDecision } from "../image/ImageResolution";
import { formatDecision, formatSummary } from "./formatJob";

const decision = (state: ImageDecision["state"], reason: string): ImageDecision => ({
  state,
  reason,
  changes: [],
  reference: "r",
  fingerprint: "f",
  imageId: undefined,
});

describe("formatDecision", () => {
  for (const [state, reason, willBuild, text] of [
    ["fresh", "fresh: 12 inputs unchanged", false, "fresh: 12 inputs unchanged (9 ms)"],
    ["fresh", "a rebuild was asked for", true, "rebuilding: a rebuild was asked for (9 ms)"],
    ["stale", "src/app.js changed", true, "rebuilding: src/app.js changed (9 ms)"],
    ["absent", "there is no image yet", true, "building: there is no image yet (9 ms)"],
    ["given", "node:20 is used as it is", false, "node:20 is used as it is (9 ms)"],
  ] as const) {
    it(`writes "${text}"`, () => {
      assert.equal(
        formatDecision({ type: "decision", decision: decision(state, reason), willBuild, durationMs: 9 }),
        text,
      );
    });
  }
});

describe("formatSummary", () => {
  it("tells the exit code, why the image was built, and each part's duration in order", () => {
    const text = formatSummary({
      type: "summary",
      wasBuilt: true,
      reason: "src/app.js changed",
      exitCode: 3,
      outOfMemory: false,
      phases: [
        { phase: "check", durationMs: 9 },
        { phase: "build", durationMs: 65_000 },
        { phase: "run", durationMs: 1400 },
      ],
      totalMs: 66_500,
    });
    assert.equal(
      text,
      "exit code 3 in 1 min 7 s; image built: src/app.js changed (check 9 ms, build 1 min 5 s, run 1.4 s)",
    );
  });

  it("tells a build alone, and that nothing had to be built", () => {
    const phases = [{ phase: "check" as const, durationMs: 9 }];
    const text = formatSummary({
      type: "summary",
      wasBuilt: false,
      reason: "fresh: 3 inputs unchanged",
      exitCode: undefined,
      outOfMemory: false,
      phases,
      totalMs: 9,
    });
    assert.equal(text, "done in 9 ms; image fresh: 3 inputs unchanged (check 9 ms)");
  });

  it("tells exit code 0 as well", () => {
    assert.match(
      formatSummary({
        type: "summary",
        wasBuilt: false,
        reason: "x",
        exitCode: 0,
        outOfMemory: false,
        phases: [],
        totalMs: 1,
      }),
      /^exit code 0 in/,
    );
  });
});
