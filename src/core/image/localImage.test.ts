import assert from "node:assert/strict";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { localImage } from "./localImage";

describe("localImage", () => {
  const engine = {
    info: async () => Promise.resolve({ platform: "linux/amd64" }),
    inspectImage: async (reference: string) =>
      Promise.resolve(
        reference === "a"
          ? {
              id: "sha256:1",
              platform: "linux/amd64",
              config: { env: ["A=b=c", "EMPTY=", "BARE"], onBuild: ["RUN x"] },
            }
          : undefined,
      ),
  } as unknown as ContainerEngine;

  it("tells the ID, the variables and the ONBUILD instructions of an image", async () => {
    assert.deepEqual(await localImage(engine, undefined)("a", undefined), {
      id: "sha256:1",
      env: { A: "b=c", EMPTY: "", BARE: "" },
      onBuild: ["RUN x"],
    });
  });

  it("has none where there is none, or one for another platform only", async () => {
    assert.equal(await localImage(engine, undefined)("b", undefined), null);
    assert.equal(await localImage(engine, undefined)("a", "linux/arm64"), null);
  });
});
