import assert from "node:assert/strict";
import { ZodError } from "zod";
import { parseImageDetails } from "./imageDetails";

const id = "0123456789abcdef".repeat(4);
const BAD: readonly unknown[] = [null, undefined, "", 1, [], {}, { Id: 1 }, { message: "page not found" }];
const NO_CONFIG = {
  env: [],
  entrypoint: [],
  command: [],
  workingDirectory: "",
  user: "",
  exposedPorts: [],
  onBuild: [],
};

describe("parseImageDetails", () => {
  it("reads Docker's answer", () => {
    const docker = {
      Id: `sha256:${id}`,
      RepoTags: ["a:1", "<none>:<none>"],
      RepoDigests: [`a@sha256:${id}`, "<none>@<none>"],
      Created: "2026-11-27T01:12:51.159759298Z",
      Config: {
        User: "node",
        ExposedPorts: { "80/tcp": {} },
        Env: ["PATH=/bin"],
        Cmd: ["sh"],
        WorkingDir: "/app",
        Entrypoint: ["tini"],
        OnBuild: ["RUN make"],
        Labels: { a: "b" },
      },
      Architecture: "arm64",
      Os: "linux",
      Size: 1_984_172,
      VirtualSize: 1_984_172,
    };
    assert.deepEqual(parseImageDetails(docker), {
      id: `sha256:${id}`,
      references: ["a:1"],
      platform: "linux/arm64",
      labels: { a: "b" },
      digests: [`a@sha256:${id}`],
      sizeBytes: 1_984_172,
      created: 1_795_741_971,
      config: {
        env: ["PATH=/bin"],
        entrypoint: ["tini"],
        command: ["sh"],
        workingDirectory: "/app",
        user: "node",
        exposedPorts: ["80/tcp"],
        onBuild: ["RUN make"],
      },
    });
  });

  it("reads Podman's answer, which leaves out the algorithm of the ID in places", () => {
    const podman = {
      Id: id,
      RepoTags: ["docker.io/library/a:1"],
      RepoDigests: [],
      Created: "2026-11-27T01:12:51.538060726Z",
      Config: { Env: null, Cmd: null, Entrypoint: null, OnBuild: null, Labels: null, WorkingDir: "", User: "" },
      Architecture: "amd64",
      Os: "linux",
      Size: 7,
    };
    const { id: read, platform, config } = parseImageDetails(podman);
    assert.deepEqual([read, platform, config], [`sha256:${id}`, "linux/amd64", NO_CONFIG]);
  });

  it("tells the variant of a processor where it says more than its architecture", () => {
    for (const [Architecture, Variant, platform] of [
      ["arm", "v7", "linux/arm/v7"],
      ["arm", "v6", "linux/arm/v6"],
      ["arm64", "v8", "linux/arm64"],
      ["amd64", "", "linux/amd64"],
      ["amd64", null, "linux/amd64"],
    ] as const) {
      assert.equal(parseImageDetails({ Id: id, Os: "linux", Architecture, Variant }).platform, platform);
    }
  });

  it("does without what newer versions of the API leave out", () => {
    for (const Config of [undefined, null, {}, { Labels: null }]) {
      const { labels, config, created, sizeBytes } = parseImageDetails({ Id: id, Config });
      assert.deepEqual([labels, config, created, sizeBytes], [{}, NO_CONFIG, 0, 0]);
    }
  });

  it("refuses an answer of another shape", () => {
    for (const value of [...BAD, { Id: id, Config: { Labels: { a: 1 } } }]) {
      assert.throws(() => parseImageDetails(value), ZodError, JSON.stringify(value));
    }
  });
});
