import assert from "node:assert/strict";
import { splitTag } from "./splitTag";

describe("splitTag", () => {
  for (const [reference, name, tag] of [
    ["busybox", "busybox", undefined],
    ["busybox:1", "busybox", "1"],
    ["localhost:5000/team/app", "localhost:5000/team/app", undefined],
    ["localhost:5000/team/app:1.2", "localhost:5000/team/app", "1.2"],
    ["a/b:1@sha256:00", "a/b@sha256:00", "1"],
    ["a/b@sha256:00", "a/b@sha256:00", undefined],
  ] as const) {
    it(`reads ${reference}`, () => {
      assert.deepEqual(splitTag(reference), { name, tag });
    });
  }
});
