import assert from "node:assert/strict";
import { imageRegistry } from "./imageRegistry";

describe("imageRegistry", () => {
  for (const [reference, registry, repository] of [
    ["busybox", "docker.io", "library/busybox"],
    ["busybox:1.36", "docker.io", "library/busybox"],
    ["team/app", "docker.io", "team/app"],
    ["docker.io/busybox", "docker.io", "library/busybox"],
    ["index.docker.io/team/app:1", "docker.io", "team/app"],
    ["quay.io/team/app:1", "quay.io", "team/app"],
    ["quay.io/team/app@sha256:abc", "quay.io", "team/app"],
    ["localhost/app", "localhost", "app"],
    ["localhost:5000/app:1", "localhost:5000", "app"],
    ["Registry/app", "Registry", "app"],
    ["[::1]:5000/app", "[::1]:5000", "app"],
    ["registry.example.com:5000/a/b/c:tag@sha256:abc", "registry.example.com:5000", "a/b/c"],
  ] as const) {
    it(`asks ${registry} for ${reference}`, () => {
      assert.deepEqual(imageRegistry(reference), { registry, repository });
    });
  }
});
