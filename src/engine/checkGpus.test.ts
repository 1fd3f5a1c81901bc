import assert from "node:assert/strict";
import { GpuUnavailableError } from "../core/errors/containerErrors";
import { checkGpus } from "./checkGpus";

describe("checkGpus", () => {
  it("refuses what an old Podman would leave out, and nothing else", () => {
    for (const version of ["4.3.1", "5.3.9"]) {
      assert.throws(() => {
        checkGpus({ kind: "podman", version });
      }, GpuUnavailableError);
    }
    checkGpus({ kind: "podman", version: "5.4.0" });
    checkGpus({ kind: "podman", version: "5.8.6" });
    checkGpus({ kind: "docker", version: "20.10.24" });
  });
});
