import assert from "node:assert/strict";
import { ZodError } from "zod";
import { parseEngineInfo } from "./engineInfo";

const engine = { Version: "1", ApiVersion: "1.41" };

const BAD: readonly unknown[] = [
  ...["", "-1.5", "foo bar", "1.41\r\nX: y", "1.41/../../x?y=#"].map((ApiVersion) => ({ ...engine, ApiVersion })),
  ...["", "\u001b]0;pwned\u0007", "1\n2", "9".repeat(101)].map((Version) => ({ ...engine, Version })),
  null,
  undefined,
  "",
  1,
  [],
  {},
  { Id: 1 },
  { message: "page not found" },
];

describe("parseEngineInfo", () => {
  it("reads Docker's answer", () => {
    const docker = {
      Platform: { Name: "Docker Engine - Community" },
      Components: [
        { Name: "Engine", Version: "28.5.1", Details: { ApiVersion: "1.51" } },
        { Name: "containerd", Version: "v1.7.28" },
      ],
      Version: "28.5.1",
      ApiVersion: "1.51",
      MinAPIVersion: "1.24",
      Os: "linux",
      Arch: "arm64",
    };
    assert.deepEqual(parseEngineInfo(docker), {
      kind: "docker",
      version: "28.5.1",
      apiVersion: "1.51",
      platform: "linux/arm64",
      rootless: false,
    });
  });

  it("reads Podman's answer", () => {
    const podman = {
      Platform: { Name: "linux/amd64/debian-12" },
      Components: [
        { Name: "Podman Engine", Version: "4.3.1", Details: { APIVersion: "4.3.1" } },
        { Name: "Conmon", Version: "conmon version 2.1.6" },
      ],
      Version: "4.3.1",
      ApiVersion: "1.41",
      Os: "linux",
      Arch: "amd64",
    };
    assert.deepEqual(parseEngineInfo(podman), {
      kind: "podman",
      version: "4.3.1",
      apiVersion: "1.41",
      platform: "linux/amd64",
      rootless: false,
    });
  });

  it("takes an answer without components for an old Docker", () => {
    assert.deepEqual(parseEngineInfo({ Version: "18.09.0", ApiVersion: "1.39", Components: null }), {
      kind: "docker",
      version: "18.09.0",
      apiVersion: "1.39",
      platform: "linux/amd64",
      rootless: false,
    });
  });

  it("refuses what is no engine's answer", () => {
    for (const value of [...BAD, { Version: "1" }, { Version: 1, ApiVersion: "1" }]) {
      assert.throws(() => parseEngineInfo(value), ZodError, JSON.stringify(value));
    }
  });
});
