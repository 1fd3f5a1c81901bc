import assert from "node:assert/strict";
import { EngineLostError } from "./engineErrors";
import {
  DockerfileError,
  ImageBuildError,
  ImageNotFoundError,
  ImagePullError,
  PullForbiddenError,
  RegistryAuthError,
} from "./imageErrors";
import { locationOf } from "./locationOf";

describe("locationOf", () => {
  const location = { dockerfile: "docker/Dockerfile", line: 3 };
  const failure = { step: undefined, exitCode: undefined, output: "", detail: "" };

  for (const error of [
    new ImageNotFoundError("busybox", "no such image", location),
    new ImagePullError("busybox", "no such host", { location }),
    new PullForbiddenError("busybox", location),
    new RegistryAuthError("busybox", "docker.io", "denied", location),
    new ImageBuildError({ ...failure, ...location }),
    new DockerfileError("syntax", "docker/Dockerfile", "unknown instruction", 3),
  ]) {
    it(`knows the line of ${error.code}`, () => {
      assert.deepEqual(locationOf(error), { path: "docker/Dockerfile", line: 3 });
    });
  }

  it("takes the first line of a Dockerfile where nothing says which", () => {
    assert.deepEqual(locationOf(new ImageBuildError({ ...failure, dockerfile: "Dockerfile" })), {
      path: "Dockerfile",
      line: 1,
    });
  });

  for (const error of [
    new ImageNotFoundError("busybox", "no such image"),
    new ImagePullError("busybox", "no such host"),
    new ImageBuildError(failure),
    new EngineLostError("unix:///x", "pulling"),
    new DockerfileError("missing", "Dockerfile", "there is none"),
    new Error("else"),
    "text",
  ]) {
    it(`knows none of ${String(error).slice(0, 40)}`, () => {
      assert.equal(locationOf(error), undefined);
    });
  }
});
