import assert from "node:assert/strict";
import type { EngineInfo } from "../ports/EngineInfo";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { Mount } from "../ports/ContainerTypes";
import { hiddenByTmpfs } from "./hiddenByTmpfs";

function engineOf(kind: EngineInfo["kind"]): ContainerEngine {
  const info: EngineInfo = { kind, version: "1", apiVersion: "1", platform: "linux/amd64", rootless: false };
  const calls: Pick<ContainerEngine, "info"> = { info: async () => Promise.resolve(info) };
  return calls as ContainerEngine;
}

describe("hiddenByTmpfs", () => {
  const mounts: readonly Mount[] = [
    { kind: "tmpfs", target: "/tmp/" },
    { kind: "volume", volume: "v", target: "/tmp/kept" },
  ];
  const found = async (path: string, kind: EngineInfo["kind"] = "docker"): Promise<string | undefined> =>
    hiddenByTmpfs({ engine: engineOf(kind), mounts, path });

  it("finds the tmpfs that Docker does not copy to, and no other mount", async () => {
    assert.equal(await found("/tmp"), "/tmp/");
    assert.equal(await found("/tmp/a/../b/"), "/tmp/");
    assert.equal(await found("/tmp/kept/a"), undefined);
    assert.equal(await found("/tmpfiles"), undefined);
    assert.equal(await found("/"), undefined);
    assert.equal(await found("/tmp/a", "podman"), undefined);
  });
});
