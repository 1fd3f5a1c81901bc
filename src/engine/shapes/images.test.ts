import assert from "node:assert/strict";
import { ZodError } from "zod";
import { parseImageDetails, parseImageSummary } from "./images";

const id = "0123456789abcdef".repeat(4);
const BAD: readonly unknown[] = [null, undefined, "", 1, [], {}, { Id: 1 }, { message: "page not found" }];

describe("parseImageDetails", () => {
  it("reads the same ID from Docker and from Podman, which leaves out the algorithm", () => {
    const expected = { id: `sha256:${id}`, references: ["a:1"], platform: "linux/arm64", labels: { a: "b" } };
    const rest = {
      RepoTags: ["a:1", "<none>:<none>"],
      Os: "linux",
      Architecture: "arm64",
      Config: { Labels: { a: "b" } },
    };
    assert.deepEqual(parseImageDetails({ Id: `sha256:${id}`, ...rest }), expected);
    assert.deepEqual(parseImageDetails({ Id: id, ...rest }), expected);
  });

  it("takes missing labels as none", () => {
    for (const Config of [undefined, null, {}, { Labels: null }]) {
      assert.deepEqual(parseImageDetails({ Id: id, Config }).labels, {});
    }
  });

  it("refuses an answer of another shape", () => {
    for (const value of [...BAD, { Id: id, Config: { Labels: { a: 1 } } }]) {
      assert.throws(() => parseImageDetails(value), ZodError, JSON.stringify(value));
    }
  });
});

describe("parseImageSummary", () => {
  it("reads an entry, without the names that stand for none", () => {
    assert.deepEqual(
      parseImageSummary({ Id: id, RepoTags: ["a:1", "<none>:<none>", "b:2"], Labels: { x: "y" }, Created: 7 }),
      {
        id: `sha256:${id}`,
        references: ["a:1", "b:2"],
        labels: { x: "y" },
        created: 7,
      },
    );
    assert.deepEqual(parseImageSummary({ Id: id, RepoTags: null, Labels: null, Created: 7 }).references, []);
  });

  it("refuses an entry of another shape", () => {
    for (const value of [...BAD, { Id: id, Created: "2026-01-01" }]) {
      assert.throws(() => parseImageSummary(value), ZodError, JSON.stringify(value));
    }
  });
});
