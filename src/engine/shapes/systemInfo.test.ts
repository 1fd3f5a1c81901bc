import assert from "node:assert/strict";
import { ZodError } from "zod";
import { parseSystemInfo } from "./systemInfo";

describe("parseSystemInfo", () => {
  const SystemTime = "2026-11-27T01:21:34.27429072Z";

  it("reads Docker 20.10's and 28.5's answer", () => {
    const docker = { ID: "a", NCPU: 2, SystemTime, SecurityOptions: ["name=seccomp,profile=builtin"] };
    assert.deepEqual(parseSystemInfo(docker), { rootless: false, time: SystemTime });
    const rootless = { ...docker, SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"] };
    assert.deepEqual(parseSystemInfo(rootless), { rootless: true, time: SystemTime });
  });

  it("reads Podman's answer, whose security options do not tell on 4.3", () => {
    const podman = { SystemTime, SecurityOptions: ["name=seccomp,profile=default"], Rootless: true };
    assert.deepEqual(parseSystemInfo(podman), { rootless: true, time: SystemTime });
    assert.equal(parseSystemInfo({ ...podman, Rootless: false }).rootless, false);
  });

  it("does without what an engine leaves out", () => {
    assert.deepEqual(parseSystemInfo({ SecurityOptions: null }), { rootless: false, time: undefined });
  });

  it("refuses what is no engine's answer", () => {
    for (const value of [null, "", [], { SystemTime: 1 }]) {
      assert.throws(() => parseSystemInfo(value), ZodError, JSON.stringify(value));
    }
  });
});
