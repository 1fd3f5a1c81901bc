import assert from "node:assert/strict";
import type { StepResult } from "../task/TaskEvent";
import { formatStep, formatStepResult, formatTransfer } from "./formatStep";

describe("formatStep", () => {
  it("tells which of how many, and of the set-up", () => {
    assert.equal(formatStep({ part: "task", index: 1, count: 3, name: "unit" }), "step 2 of 3: unit");
    assert.equal(formatStep({ part: "setup", index: 0, count: 2, name: "npm ci" }), "set-up 1 of 2: npm ci");
    assert.equal(formatStep({ part: "setup", index: 0, count: 1, name: "npm ci" }), "set-up: npm ci");
  });
});

describe("formatStepResult", () => {
  const results: readonly (readonly [StepResult, string])[] = [
    [{ status: "succeeded", durationMs: 1200 }, "succeeded (1.2 s)"],
    [
      { status: "failed", exitCode: 3, durationMs: 40, outOfMemory: false, ignored: false },
      "failed with exit code 3 (40 ms)",
    ],
    [
      { status: "failed", exitCode: 137, durationMs: 40, outOfMemory: true, ignored: true },
      "failed with exit code 137, killed: out of memory (40 ms), which does not count",
    ],
    [
      { status: "timed-out", timeoutMs: 5000, durationMs: 5100, ignored: true },
      "stopped: it took longer than 5.0 s, which does not count",
    ],
    [{ status: "skipped", why: "done" }, "done in the earlier try"],
    [{ status: "skipped", why: "inputs" }, "nothing that it depends on has changed"],
    [{ status: "skipped", why: "earlier" }, "not run: an earlier step failed"],
  ];
  for (const [result, text] of results) {
    it(`writes "${text}"`, () => {
      assert.equal(formatStepResult(result), text);
    });
  }
});

describe("formatTransfer", () => {
  const transfer = { type: "transfer", source: "/w/out", target: "out", bytes: 1200, durationMs: 40 } as const;

  it("tells what went where", () => {
    assert.equal(
      formatTransfer({ ...transfer, direction: "out", files: 12 }),
      "copied /w/out to out: 12 files, 1.2 kB (40 ms)",
    );
    assert.equal(
      formatTransfer({ ...transfer, direction: "sync", files: 1 }),
      "brought up to date out: 1 file, 1.2 kB (40 ms)",
    );
  });
});
