import assert from "node:assert/strict";
import { ZodError } from "zod";
import { parseVolumes } from "./volumeSummary";

describe("parseVolumes", () => {
  it("reads both engines' answers", () => {
    const volume = { CreatedAt: "2026-11-27T01:14:59Z", Driver: "local", Name: "v", Options: null, Scope: "local" };
    assert.deepEqual(parseVolumes({ Volumes: [{ ...volume, Labels: { a: "1" } }], Warnings: null }), [
      { name: "v", labels: { a: "1" } },
    ]);
    assert.deepEqual(parseVolumes({ Volumes: [{ ...volume, Labels: null }], Warnings: [] }), [
      { name: "v", labels: {} },
    ]);
    assert.deepEqual(parseVolumes({ Volumes: null }), []);
  });

  it("refuses an answer of another shape", () => {
    for (const value of [null, [], "", { Volumes: [{}] }]) {
      assert.throws(() => parseVolumes(value), ZodError, JSON.stringify(value));
    }
  });
});
