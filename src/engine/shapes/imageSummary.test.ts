import assert from "node:assert/strict";
import { ZodError } from "zod";
import { parseImageSummary } from "./imageSummary";

const id = "0123456789abcdef".repeat(4);
const BAD: readonly unknown[] = [null, undefined, "", 1, [], {}, { Id: 1 }, { message: "page not found" }];

describe("parseImageSummary", () => {
  it("reads an entry, without the names that stand for none", () => {
    const entry = {
      Id: id,
      RepoTags: ["a:1", "<none>:<none>", "b:2"],
      Labels: { x: "y" },
      Created: 7,
      Size: 9,
      VirtualSize: 9,
    };
    assert.deepEqual(parseImageSummary(entry), {
      id: `sha256:${id}`,
      references: ["a:1", "b:2"],
      labels: { x: "y" },
      created: 7,
      sizeBytes: 9,
    });
    assert.deepEqual(parseImageSummary({ Id: id, RepoTags: null, Labels: null, Created: 7 }).references, []);
  });

  it("refuses an entry of another shape", () => {
    for (const value of [...BAD, { Id: id, Created: "2026-01-01" }]) {
      assert.throws(() => parseImageSummary(value), ZodError, JSON.stringify(value));
    }
  });
});
