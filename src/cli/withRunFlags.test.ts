import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import type { RunConfiguration, WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import type { RunFlags } from "./runFlags";
import { withRunFlags } from "./withRunFlags";

const base = resolve("/current");
const home = resolve("/home/me");

const configured: RunConfiguration = {
  workspaceFolder: "/srv",
  user: "node",
  env: { A: "1", B: "2" },
  envFiles: ["/w/.env"],
  ports: [
    { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined },
    { containerPort: 53, protocol: "udp", hostIp: "127.0.0.1", hostPort: undefined },
  ],
  mounts: [
    { kind: "volume", volume: "cache", target: "/cache" },
    { kind: "volume", volume: "data", target: "/data" },
  ],
  resources: { cpus: 1, memoryBytes: 100 },
  extraHosts: ["a:10.0.0.1", "b:10.0.0.2"],
  labels: { a: "1" },
  addCapabilities: ["NET_ADMIN"],
  securityOptions: ["no-new-privileges"],
  keepWarmMs: 1000,
};

const configuration: WorkspaceConfiguration = {
  folder: resolve("/w"),
  source: "slipway.json",
  image: { kind: "image", reference: "node:20" },
  run: configured,
  tasks: [
    {
      name: "test",
      steps: [
        { name: "one", command: ["a"] },
        { name: "two", command: ["b"], workingDirectory: "/b", timeoutMs: 1 },
      ],
    },
  ],
};

const apply = (flags: RunFlags): WorkspaceConfiguration => withRunFlags(configuration, flags, { base, home });

describe("withRunFlags", () => {
  it("leaves everything as it is without any", () => {
    assert.deepEqual(apply({ section: {} }), configuration);
  });

  it("lets single values take the place of slipway.json's", () => {
    const { run } = apply({
      section: {
        user: "host",
        memory: "1g",
        keepWarm: 0,
        network: "none",
        workspace: "copy",
        gpus: "optional",
        init: true,
      },
    });
    assert.deepEqual(run, {
      ...configured,
      ...{ user: "host", keepWarmMs: 0, network: "none", workspace: "copy", gpus: "optional", init: true },
      resources: { cpus: 1, memoryBytes: 1024 ** 3 },
    });
  });

  it("adds what has a name, a port or a target, and replaces what has the same", () => {
    const { run } = apply({
      section: {
        env: { B: "3", C: "4" },
        envFile: ["x.env"],
        ports: ["8080:80"],
        mounts: ["./here:/data", "~/there:/there:ro"],
        extraHosts: { b: "10.0.0.3" },
        labels: { b: "2" },
        capAdd: ["sys_ptrace"],
        securityOpt: ["seccomp=unconfined"],
      },
    });
    assert.deepEqual(run, {
      ...configured,
      env: { A: "1", B: "3", C: "4" },
      envFiles: ["/w/.env", join(base, "x.env")],
      ports: [configured.ports[1], { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: 8080 }],
      mounts: [
        { kind: "volume", volume: "cache", target: "/cache" },
        { kind: "bind", source: join(base, "here"), target: "/data" },
        { kind: "bind", source: join(home, "there"), target: "/there", readOnly: true },
      ],
      extraHosts: ["a:10.0.0.1", "b:10.0.0.3"],
      labels: { a: "1", b: "2" },
      addCapabilities: ["NET_ADMIN", "SYS_PTRACE"],
      securityOptions: ["no-new-privileges", "seccomp=unconfined"],
    });
  });

  it("gives steps a folder and a limit where they have none", () => {
    const [task] = apply({ section: {}, workingDirectory: "/x", timeoutMs: 9 }).tasks;
    assert.deepEqual(task?.steps, [
      { name: "one", command: ["a"], workingDirectory: "/x", timeoutMs: 9 },
      { name: "two", command: ["b"], workingDirectory: "/b", timeoutMs: 1 },
    ]);
  });
});
