import assert from "node:assert/strict";
import { fullReference } from "./fullReference";

describe("fullReference", () => {
  for (const [reference, full] of [
    ["busybox", "docker.io/library/busybox:latest"],
    ["team/app:1", "docker.io/team/app:1"],
    ["localhost:5000/app", "localhost:5000/app:latest"],
    ["ghcr.io/team/app:2", "ghcr.io/team/app:2"],
    ["busybox@sha256:00", "docker.io/library/busybox@sha256:00"],
    ["busybox:1@sha256:00", "docker.io/library/busybox@sha256:00"],
  ] as const) {
    it(`writes ${reference} out`, () => {
      assert.equal(fullReference(reference), full);
    });
  }
});
