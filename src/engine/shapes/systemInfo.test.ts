import assert from "node:assert/strict";
import { ZodError } from "zod";
import { parseSystemInfo } from "./systemInfo";

describe("parseSystemInfo", () => {
  const SystemTime = "2026-11-27T01:21:34.27429072Z";
  const kernel = "6.1.0-18-amd64";

  it("reads Docker 20.10's and 28.5's answer", () => {
    const docker = {
      ID: "a",
      NCPU: 2,
      SystemTime,
      KernelVersion: kernel,
      SecurityOptions: ["name=seccomp,profile=builtin"],
    };
    assert.deepEqual(parseSystemInfo(docker), { rootless: false, time: SystemTime, kernel });
    const rootless = { ...docker, SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"] };
    assert.deepEqual(parseSystemInfo(rootless), { rootless: true, time: SystemTime, kernel });
  });

  it("reads Podman's answer, whose security options do not tell on 4.3", () => {
    const podman = {
      SystemTime,
      KernelVersion: kernel,
      SecurityOptions: ["name=seccomp,profile=default"],
      Rootless: true,
    };
    assert.deepEqual(parseSystemInfo(podman), { rootless: true, time: SystemTime, kernel });
    assert.equal(parseSystemInfo({ ...podman, Rootless: false }).rootless, false);
  });

  it("does without what an engine leaves out", () => {
    assert.deepEqual(parseSystemInfo({ SecurityOptions: null }), {
      rootless: false,
      time: undefined,
      kernel: undefined,
    });
  });

  it("refuses what is no engine's answer", () => {
    for (const value of [null, "", [], { SystemTime: 1 }]) {
      assert.throws(() => parseSystemInfo(value), ZodError, JSON.stringify(value));
    }
  });
});
