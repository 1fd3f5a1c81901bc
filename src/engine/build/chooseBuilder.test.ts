import assert from "node:assert/strict";
import { BuildOptionError } from "../../core/errors/imageErrors";
import { chooseBuilder } from "./chooseBuilder";

const LINUX = { kind: "docker", platform: "linux/amd64" } as const;
const withVariable = (value: string | undefined): ReturnType<typeof chooseBuilder> =>
  chooseBuilder(LINUX, { env: { DOCKER_BUILDKIT: value } });

describe("chooseBuilder", () => {
  it("takes BuildKit on Docker, unless the containers are those of Windows", () => {
    assert.equal(withVariable(undefined), "buildkit");
    assert.equal(chooseBuilder({ ...LINUX, platform: "windows/amd64" }, { env: {} }), "classic");
  });

  it("reads DOCKER_BUILDKIT as the docker CLI does", () => {
    for (const value of ["0", "f", "F", "false", "FALSE", "False"]) {
      assert.equal(withVariable(value), "classic", value);
    }
    for (const value of ["1", "t", "T", "true", "TRUE", "True", ""]) {
      assert.equal(withVariable(value), "buildkit", value);
    }
    for (const value of ["no", "off", "2", "fAlse"]) {
      assert.throws(() => withVariable(value), BuildOptionError, value);
    }
  });

  it("leaves Podman its own, whatever the variable says", () => {
    for (const DOCKER_BUILDKIT of ["0", "1", "what"]) {
      assert.equal(chooseBuilder({ ...LINUX, kind: "podman" }, { env: { DOCKER_BUILDKIT } }), "buildah");
    }
  });
});
