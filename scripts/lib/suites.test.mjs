import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { judge } from "./suites.mjs";

describe("judge", () => {
  const report = { passes: 3, failures: 0, pending: 1, pendingTitles: ["later"] };

  it("counts what the report says", () => {
    assert.deepEqual(judge(0, report), { passed: 3, failed: 0, pending: ["later"] });
    assert.equal(judge(2, { ...report, failures: 2 }).failed, 2);
  });

  it("counts a suite that died as a failure", () => assert.equal(judge(128, undefined).failed, 1));

  it("counts a suite that failed without a failing test", () => assert.equal(judge(1, report).failed, 1));

  it("counts a suite that ended well without a report", () => assert.equal(judge(0, undefined).failed, 1));

  it("counts a command as one test", () => {
    assert.deepEqual([judge(0, undefined, true).passed, judge(1, undefined, true).failed], [1, 1]);
  });
});
