import assert from "node:assert/strict";
import { ZodError } from "zod";
import { parseExecDetails } from "./execDetails";

const ContainerID = "0123456789abcdef".repeat(4);

describe("parseExecDetails", () => {
  const docker = { Running: false, ExitCode: null, CanRemove: false, ContainerID, Pid: 0 };
  const podman = { Running: false, ExitCode: 0, CanRemove: false, ContainerID, Pid: 0 };

  it("reads Docker's answers before the start, while it runs and after its end", () => {
    assert.deepEqual(parseExecDetails(docker, "docker"), { state: "unknown" });
    assert.deepEqual(parseExecDetails({ ...docker, Running: true }, "docker"), { state: "running" });
    assert.deepEqual(parseExecDetails({ ...docker, ExitCode: 5 }, "docker"), { state: "ended", exitCode: 5 });
  });

  it("does not take Podman's 0 before the start for an exit code", () => {
    assert.deepEqual(parseExecDetails(podman, "podman"), { state: "unknown" });
    assert.deepEqual(parseExecDetails({ ...podman, Running: true }, "podman"), { state: "running" });
    const ended = { ...podman, CanRemove: true, ExitCode: 137 };
    assert.deepEqual(parseExecDetails(ended, "podman"), { state: "ended", exitCode: 137 });
  });

  it("refuses an answer of another shape", () => {
    for (const value of [null, "", [], {}, { Running: "yes", ContainerID }]) {
      assert.throws(() => parseExecDetails(value, "docker"), ZodError, JSON.stringify(value));
    }
  });
});
