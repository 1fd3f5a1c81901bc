import assert from "node:assert/strict";
import type { ContainerSpec } from "../core/ports/ContainerTypes";
import { toCreateOptions, type CreationContext } from "./toCreateOptions";

const SPEC: ContainerSpec = {
  image: "busybox",
  name: "a",
  command: undefined,
  workingDirectory: undefined,
  env: {},
  labels: {},
  mounts: [],
  ports: [],
};
const DOCKER: CreationContext = { kind: "docker", rootless: false };
const PODMAN: CreationContext = { kind: "podman", rootless: false };

describe("toCreateOptions", () => {
  const options = (spec: Partial<ContainerSpec>, context = DOCKER): ReturnType<typeof toCreateOptions> =>
    toCreateOptions({ ...SPEC, ...spec }, context);
  const host = (spec: Partial<ContainerSpec>, context = DOCKER): unknown => options(spec, context).HostConfig;

  it("says nothing of what the engine or the image decides", () => {
    assert.deepEqual(options({}), {
      Image: "busybox",
      name: "a",
      Env: [],
      Labels: {},
      ExposedPorts: {},
      HostConfig: { Binds: [], Mounts: [], PortBindings: {} },
    });
  });

  it("makes the command's program the entrypoint, unless there is another one", () => {
    const { Entrypoint, Cmd } = options({ command: ["npm", "test"] });
    assert.deepEqual([Entrypoint, Cmd], [["npm"], ["test"]]);
    const other = options({ command: ["test"], entrypoint: ["npm", "run"] });
    assert.deepEqual([other.Entrypoint, other.Cmd], [["npm", "run"], ["test"]]);
    assert.equal(options({ entrypoint: ["npm"] }).Cmd, undefined);
  });

  it("says environment, labels, folder, terminal and stdin", () => {
    const spec = options({ env: { A: "b=c" }, labels: { l: "" }, workingDirectory: "/w", tty: true, stdin: true });
    const { Env, Labels, WorkingDir, Tty, OpenStdin, StdinOnce } = spec;
    assert.deepEqual(
      [Env, Labels, WorkingDir, Tty, OpenStdin, StdinOnce],
      [["A=b=c"], { l: "" }, "/w", true, true, true],
    );
  });

  it("leaves the image's health check out when told to", () => {
    assert.deepEqual(options({ noHealthcheck: true }).Healthcheck, { Test: ["NONE"] });
  });

  it("binds ports, several to the same one in the container, too", () => {
    const port = { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1" } as const;
    const spec = options({
      ports: [
        { ...port, hostPort: 8080 },
        { ...port, hostPort: undefined },
      ],
    });
    assert.deepEqual(spec.ExposedPorts, { "80/tcp": {} });
    assert.deepEqual(spec.HostConfig?.PortBindings, {
      "80/tcp": [
        { HostIp: "127.0.0.1", HostPort: "8080" },
        { HostIp: "127.0.0.1", HostPort: "" },
      ],
    });
  });

  it("limits, and says what else the spec says", () => {
    assert.deepEqual(
      host({
        network: "none",
        resources: { cpus: 1.5, memoryBytes: 1024, pids: 7 },
        init: true,
        privileged: false,
        readOnlyRoot: true,
        addCapabilities: ["SYS_PTRACE"],
        dropCapabilities: ["ALL"],
        securityOptions: ["seccomp=unconfined"],
        extraHosts: ["a:1.2.3.4"],
      }),
      {
        Binds: [],
        Mounts: [],
        PortBindings: {},
        NetworkMode: "none",
        NanoCpus: 1_500_000_000,
        Memory: 1024,
        PidsLimit: 7,
        Init: true,
        Privileged: false,
        ReadonlyRootfs: true,
        CapAdd: ["SYS_PTRACE"],
        CapDrop: ["ALL"],
        SecurityOpt: ["seccomp=unconfined"],
        ExtraHosts: ["a:1.2.3.4"],
      },
    );
  });

  it("asks each engine for GPUs in its own way", () => {
    const requests = (context: CreationContext): unknown => options({ gpus: true }, context).HostConfig?.DeviceRequests;
    assert.deepEqual(requests(DOCKER), [{ Count: -1, Capabilities: [["gpu"]] }]);
    assert.deepEqual(requests(PODMAN), [{ Driver: "cdi", DeviceIDs: ["nvidia.com/gpu=all"] }]);
    assert.equal(options({ gpus: false }).HostConfig?.DeviceRequests, undefined);
  });

  it("never lets the engine remove a container by itself", () => {
    assert.equal(options({}).HostConfig?.AutoRemove, undefined);
  });

  describe("mounts", () => {
    const bind = { kind: "bind", source: "/s", target: "/t" } as const;

    it("a folder, a volume and memory", () => {
      const mounts = [
        bind,
        { ...bind, readOnly: true },
        { kind: "volume", volume: "v", target: "/v", labels: { a: "b" } },
        { kind: "tmpfs", target: "/tmp", sizeBytes: 1024 },
        { kind: "tmpfs", target: "/run" },
      ] as const;
      assert.deepEqual(options({ mounts }).HostConfig?.Mounts, [
        { Type: "bind", Source: "/s", Target: "/t", ReadOnly: false },
        { Type: "bind", Source: "/s", Target: "/t", ReadOnly: true },
        { Type: "volume", Source: "v", Target: "/v", ReadOnly: false },
        { Type: "tmpfs", Target: "/tmp", TmpfsOptions: { SizeBytes: 1024 } },
        { Type: "tmpfs", Target: "/run" },
      ]);
    });

    it("a folder in the older form where SELinux is to relabel, or a path has what Podman reads wrongly", () => {
      const mounts = [
        { ...bind, relabel: "shared" },
        { ...bind, relabel: "private", readOnly: true },
        { ...bind, source: "/a,b" },
        { kind: "volume", volume: "v", target: "/a,b", readOnly: true },
      ] as const;
      const { Binds, Mounts } = options({ mounts }).HostConfig ?? {};
      assert.deepEqual(Binds, ["/s:/t:z", "/s:/t:ro,Z", "/a,b:/t", "v:/a,b:ro"]);
      assert.deepEqual(Mounts, []);
    });
  });

  describe("the user", () => {
    const user = { kind: "host", uid: 1000, gid: 1001 } as const;
    const asked = (context: CreationContext): unknown => {
      const { User, HostConfig } = options({ user }, context);
      return [User, HostConfig?.UsernsMode];
    };

    it("is the image's, or a named one", () => {
      assert.equal(options({ user: { kind: "image" } }).User, undefined);
      assert.equal(options({ user: { kind: "named", name: "node" } }).User, "node");
    });

    it("of the host is the same one where the engine has root's rights", () => {
      assert.deepEqual(asked(DOCKER), ["1000:1001", undefined]);
      assert.deepEqual(asked(PODMAN), ["1000:1001", undefined]);
    });

    it("of the host is root on a rootless engine, or kept where Podman runs as that user", () => {
      assert.deepEqual(asked({ ...DOCKER, rootless: true, engineUid: 1000 }), ["0:0", undefined]);
      assert.deepEqual(asked({ ...PODMAN, rootless: true, engineUid: 1000 }), ["1000:1001", "keep-id"]);
      assert.deepEqual(asked({ ...PODMAN, rootless: true, engineUid: 999 }), ["0:0", undefined]);
      assert.deepEqual(asked({ ...PODMAN, rootless: true }), ["0:0", undefined]);
    });
  });
});
