import assert from "node:assert/strict";
import { ZodError } from "zod";
import { parseContainerDetails } from "./containerDetails";

const id = "0123456789abcdef".repeat(4);
const BAD: readonly unknown[] = [null, undefined, "", 1, [], {}, { Id: 1 }, { message: "page not found" }];

describe("parseContainerDetails", () => {
  const base = {
    Id: id,
    Name: "/slipway-app",
    Image: `sha256:${id}`,
    State: { Status: "exited", Running: false, ExitCode: 137, OOMKilled: true, Error: "" },
    Config: { Labels: { a: "b" }, Tty: true, User: "1:2", WorkingDir: "/tmp", Env: ["A=b", "PATH=/bin"] },
  };

  it("reads Docker's answer, with each address of a port", () => {
    const NetworkSettings = {
      Ports: {
        "3000/tcp": [
          { HostIp: "0.0.0.0", HostPort: "3000" },
          { HostIp: "::", HostPort: "3000" },
        ],
        "53/udp": [{ HostIp: "127.0.0.1", HostPort: "5353" }],
        "80/tcp": null,
      },
    };
    assert.deepEqual(parseContainerDetails({ ...base, NetworkSettings }), {
      id,
      name: "slipway-app",
      state: "exited",
      running: false,
      exitCode: 137,
      outOfMemory: true,
      hasEnded: false,
      labels: { a: "b" },
      ports: [
        { containerPort: 3000, protocol: "tcp", hostIp: "0.0.0.0", hostPort: 3000 },
        { containerPort: 3000, protocol: "tcp", hostIp: "::", hostPort: 3000 },
        { containerPort: 53, protocol: "udp", hostIp: "127.0.0.1", hostPort: 5353 },
      ],
      imageId: `sha256:${id}`,
      tty: true,
      env: ["A=b", "PATH=/bin"],
      user: "1:2",
      workingDirectory: "/tmp",
    });
  });

  it("reads Podman's answer, with its empty and missing fields", () => {
    const State = { Status: "initialized", Running: false, ExitCode: 0 };
    const podman = {
      Id: id,
      Name: "slipway-app",
      Image: id,
      State,
      Config: { Labels: null },
      NetworkSettings: { Ports: { "80/tcp": [{ HostIp: "", HostPort: "80" }] } },
    };
    const { state, outOfMemory, labels, ports, imageId, tty, env, user } = parseContainerDetails(podman);
    assert.deepEqual(
      { state, outOfMemory, labels, ports, imageId, tty, env, user },
      {
        imageId: `sha256:${id}`,
        tty: false,
        env: [],
        user: "",
        state: "created",
        outOfMemory: false,
        labels: {},
        ports: [{ containerPort: 80, protocol: "tcp", hostIp: "", hostPort: 80 }],
      },
    );
    for (const NetworkSettings of [undefined, null, {}, { Ports: null }, { Ports: {} }]) {
      assert.deepEqual(parseContainerDetails({ ...podman, NetworkSettings }).ports, []);
    }
  });

  it("refuses an answer of another shape", () => {
    for (const value of [
      ...BAD,
      { ...base, State: null },
      { ...base, State: { Status: "exited" } },
      { ...base, Config: null },
    ]) {
      assert.throws(() => parseContainerDetails(value), ZodError, JSON.stringify(value));
    }
  });
});
