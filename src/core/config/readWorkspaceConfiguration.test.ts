import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AmbiguousDockerfileError, InvalidConfigurationError, WorkspaceError } from "../errors/configurationErrors";
import { displayPath, readWorkspaceConfiguration } from "./readWorkspaceConfiguration";

describe("readWorkspaceConfiguration", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-config-")));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const put = async (name: string, content: unknown = ""): Promise<void> =>
    writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));

  it("takes the default image for an empty folder", async () => {
    const configuration = await readWorkspaceConfiguration({ folder });
    assert.deepEqual(configuration, {
      folder,
      source: undefined,
      image: { kind: "image", reference: "node:20" },
      run: { env: {}, ports: [], workspaceFolder: "/workspace" },
      tasks: [],
    });
  });

  it("takes the default image that it is given", async () => {
    const { image } = await readWorkspaceConfiguration({ folder, defaultImage: "debian:stable-slim" });
    assert.deepEqual(image, { kind: "image", reference: "debian:stable-slim" });
  });

  it("builds the Dockerfile at the root, with the folder as its context", async () => {
    await put("Containerfile", "FROM scratch");
    const { source, image } = await readWorkspaceConfiguration({ folder });
    assert.equal(source, "Containerfile");
    assert.deepEqual(image, {
      kind: "build",
      build: {
        dockerfile: join(folder, "Containerfile"),
        context: folder,
        target: undefined,
        platform: undefined,
        args: {},
      },
    });
  });

  it("takes slipway.json before a Dockerfile", async () => {
    await put("Dockerfile", "FROM scratch");
    await put("slipway.json", { image: "alpine:3" });
    const { source, image } = await readWorkspaceConfiguration({ folder });
    assert.equal(source, "slipway.json");
    assert.deepEqual(image, { kind: "image", reference: "alpine:3" });
  });

  it("finds the Dockerfile when slipway.json does not say which", async () => {
    await put("Dockerfile.dev", "FROM scratch");
    await put("slipway.json", {
      build: { target: "dev", args: { A: 1, B: true, C: "x" }, platform: "linux/arm64", context: ".." },
    });
    const { image } = await readWorkspaceConfiguration({ folder });
    assert.deepEqual(image, {
      kind: "build",
      build: {
        dockerfile: join(folder, "Dockerfile.dev"),
        context: join(folder, ".."),
        target: "dev",
        platform: "linux/arm64",
        args: { A: "1", B: "true", C: "x" },
      },
    });
  });

  it("takes how to build from slipway.json, with paths relative to the folder and to the user's own", async () => {
    await put("slipway.json", {
      build: {
        labels: { team: "a", n: 1 },
        tag: "app:dev",
        pull: "always",
        noCache: false,
        network: "none",
        extraHosts: { db: "10.0.0.5" },
        secrets: [
          { id: "token", env: "TOKEN" },
          { id: "npm", file: "~/.npmrc" },
          { id: "local", file: "secrets/local" },
        ],
        ssh: ["default", "git=keys/id"],
        cacheFrom: ["type=registry,ref=app:cache"],
        cacheTo: ["inline"],
      },
    });
    const home = join(folder, "home");
    const { image } = await readWorkspaceConfiguration({ folder, homeFolder: home, noCache: true });
    assert.deepEqual(image.kind === "build" && image.build, {
      dockerfile: join(folder, "Dockerfile"),
      context: folder,
      target: undefined,
      platform: undefined,
      args: {},
      labels: { team: "a", n: "1" },
      tag: "app:dev",
      pull: "always",
      noCache: false,
      network: "none",
      extraHosts: { db: "10.0.0.5" },
      secrets: [
        { id: "token", kind: "env", variable: "TOKEN" },
        { id: "npm", kind: "file", path: join(home, ".npmrc") },
        { id: "local", kind: "file", path: join(folder, "secrets", "local") },
      ],
      ssh: [
        { id: "default", paths: [] },
        { id: "git", paths: [join(folder, "keys", "id")] },
      ],
      cacheFrom: ["app:cache"],
      cacheTo: ["inline"],
    });
  });

  it("builds without cache by default where slipway.json says nothing of it", async () => {
    const noCacheOf = async (noCache: boolean): Promise<unknown> => {
      const { image } = await readWorkspaceConfiguration({ folder, noCache });
      return image.kind === "build" && image.build.noCache;
    };
    await put("Dockerfile", "FROM scratch");
    assert.equal(await noCacheOf(true), true);
    assert.equal(await noCacheOf(false), undefined);
  });

  it("builds what a build without any Dockerfile would be made from, so that the builder can say what is missing", async () => {
    await put("slipway.json", { build: {} });
    const { image } = await readWorkspaceConfiguration({ folder });
    assert.equal(image.kind === "build" && image.build.dockerfile, join(folder, "Dockerfile"));
  });

  it("takes an empty slipway.json, and still looks for a Dockerfile", async () => {
    await put("slipway.json", "");
    await put("Dockerfile", "FROM scratch");
    const { source, image } = await readWorkspaceConfiguration({ folder });
    assert.equal(source, "slipway.json");
    assert.equal(image.kind, "build");
  });

  it("lets an explicit Dockerfile win over slipway.json, and keeps the rest of the build", async () => {
    await put("slipway.json", { build: { dockerfile: "a.dockerfile", target: "dev", context: "sub" } });
    const { image } = await readWorkspaceConfiguration({
      folder,
      dockerfile: { path: "sub/b.dockerfile", explicit: true },
    });
    assert.deepEqual(image.kind === "build" && { ...image.build }, {
      dockerfile: join(folder, "sub/b.dockerfile"),
      context: join(folder, "sub"),
      target: "dev",
      platform: undefined,
      args: {},
    });
  });

  it("lets an explicit Dockerfile win over slipway.json's image", async () => {
    await put("slipway.json", { image: "alpine:3" });
    const { image } = await readWorkspaceConfiguration({ folder, dockerfile: { path: "Dockerfile", explicit: true } });
    assert.equal(image.kind, "build");
  });

  it("lets a remembered Dockerfile decide only among several", async () => {
    await put("Dockerfile", "FROM a");
    await put("Containerfile", "FROM b");
    await assert.rejects(readWorkspaceConfiguration({ folder }), AmbiguousDockerfileError);
    const dockerfile = { path: "Containerfile", explicit: false };
    assert.equal((await readWorkspaceConfiguration({ folder, dockerfile })).source, "Containerfile");
    await put("slipway.json", { image: "alpine:3" });
    assert.equal((await readWorkspaceConfiguration({ folder, dockerfile })).image.kind, "image");
  });

  it("reads how to run, and the tasks in their order", async () => {
    await put("slipway.json", {
      run: { env: { CI: 1, DEBUG: false }, ports: [3000, "0.0.0.0:53:53/udp"], workspaceFolder: "/src", user: 1000 },
      tasks: {
        z: { command: ["a", "b c"] },
        a: { command: "x && y" },
        s: { steps: [{ name: "one", command: ["p"] }] },
      },
    });
    const { run, tasks } = await readWorkspaceConfiguration({ folder });
    assert.deepEqual(run, {
      env: { CI: "1", DEBUG: "false" },
      ports: [
        { containerPort: 3000, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined },
        { containerPort: 53, protocol: "udp", hostIp: "0.0.0.0", hostPort: 53 },
      ],
      workspaceFolder: "/src",
      user: "1000",
    });
    assert.deepEqual(tasks, [
      { name: "z", steps: [{ name: "z", command: ["a", "b c"] }] },
      { name: "a", steps: [{ name: "a", command: ["/bin/sh", "-c", "x && y"] }] },
      { name: "s", steps: [{ name: "one", command: ["p"] }] },
    ]);
  });

  it("reads all that there is to say of how containers run", async () => {
    await put("slipway.json", {
      resources: [
        { source: "tools", target: "/opt/tools/", mode: "0755" },
        { source: "~/x", target: "/opt/x" },
      ],
      run: {
        workspace: "copy",
        envFile: [".env", "~/.env"],
        mounts: ["cache:/cache", { type: "bind", source: "data", target: "/data", readOnly: true }],
        network: "host",
        extraHosts: { db: "10.0.0.5", me: "host-gateway" },
        cpus: 1.5,
        memory: "512m",
        pids: 100,
        gpus: "optional",
        init: true,
        privileged: false,
        capAdd: ["cap_sys_ptrace"],
        capDrop: ["ALL"],
        securityOpt: ["no-new-privileges"],
        readOnlyRoot: true,
        labels: { team: 1 },
        entrypoint: ["/entry.sh"],
        keepWarm: "1h30m",
      },
    });
    const home = join(folder, "home");
    const { run, resources, warnings } = await readWorkspaceConfiguration({ folder, homeFolder: home });
    assert.deepEqual(run, {
      env: {},
      ports: [],
      workspaceFolder: "/workspace",
      workspace: "copy",
      envFiles: [join(folder, ".env"), join(home, ".env")],
      mounts: [
        { kind: "volume", volume: "cache", target: "/cache" },
        { kind: "bind", source: join(folder, "data"), target: "/data", readOnly: true },
      ],
      network: "host",
      extraHosts: ["db:10.0.0.5", "me:host-gateway"],
      resources: { cpus: 1.5, memoryBytes: 512 * 1024 ** 2, pids: 100 },
      gpus: "optional",
      init: true,
      privileged: false,
      addCapabilities: ["SYS_PTRACE"],
      dropCapabilities: ["ALL"],
      securityOptions: ["no-new-privileges"],
      readOnlyRoot: true,
      labels: { team: "1" },
      entrypoint: ["/entry.sh"],
      keepWarmMs: 5_400_000,
    });
    assert.deepEqual(resources, [
      { source: join(folder, "tools"), target: "/opt/tools", mode: 0o755 },
      { source: join(home, "x"), target: "/opt/x" },
    ]);
    assert.equal(warnings, undefined);
  });

  it("takes the engine's own network where the default one is asked for", async () => {
    await put("slipway.json", { run: { network: "default" } });
    assert.equal("network" in (await readWorkspaceConfiguration({ folder })).run, false);
  });

  it("reads set-up steps, and names them after their commands, with numbers where that is not enough", async () => {
    const long = `echo ${"x".repeat(100)}`;
    await put("slipway.json", {
      setup: [
        "npm ci",
        ["npm", "ci"],
        { command: "npm ci", inputs: ["package*.json"], env: { A: 1 }, timeout: "5m" },
        { name: "npm ci (4)", command: ["x"] },
        "npm ci",
        "\n  make\nmake test",
        long,
        " ",
      ],
    });
    const { setup = [] } = await readWorkspaceConfiguration({ folder });
    assert.deepEqual(
      setup.map(({ name }) => name),
      ["npm ci", "npm ci (2)", "npm ci (3)", "npm ci (4)", "npm ci (5)", "make", `${long.slice(0, 60)}…`, "command"],
    );
    assert.deepEqual(setup.slice(0, 3), [
      { name: "npm ci", command: ["/bin/sh", "-c", "npm ci"] },
      { name: "npm ci (2)", command: ["npm", "ci"] },
      {
        name: "npm ci (3)",
        command: ["/bin/sh", "-c", "npm ci"],
        env: { A: "1" },
        timeoutMs: 300_000,
        inputs: ["package*.json"],
      },
    ]);
  });

  it("reads the steps of a task, where the task speaks for those that say nothing, and what is copied", async () => {
    await put("slipway.json", {
      run: { workspaceFolder: "/src" },
      tasks: {
        all: {
          user: "host",
          workingDirectory: "packages/a/",
          timeout: 60,
          env: { CI: true },
          interactive: false,
          steps: [
            "make",
            {
              name: "test",
              command: ["make", "test"],
              user: 0,
              workingDirectory: "/tmp",
              timeout: "1h",
              env: { A: "b" },
              continueOnError: true,
              pause: true,
            },
          ],
          copyIn: [
            { source: ".env.test", target: ".env" },
            { source: "data/**", target: "/data/" },
          ],
          copyOut: [
            { source: "coverage", target: "coverage/", onFailure: true, maxSize: "1m", maxEntries: 9 },
            { source: "/tmp/*.xml", target: "." },
          ],
        },
        one: { command: "x", workingDirectory: "..", timeout: 1 },
      },
    });
    const { tasks } = await readWorkspaceConfiguration({ folder });
    assert.deepEqual(tasks, [
      {
        name: "all",
        steps: [
          {
            name: "make",
            command: ["/bin/sh", "-c", "make"],
            user: "host",
            workingDirectory: "/src/packages/a",
            timeoutMs: 60_000,
          },
          {
            name: "test",
            command: ["make", "test"],
            user: "0",
            workingDirectory: "/tmp",
            timeoutMs: 3_600_000,
            env: { A: "b" },
            continueOnError: true,
            pause: true,
          },
        ],
        env: { CI: "true" },
        copyIn: [
          { source: ".env.test", target: "/src/.env" },
          { source: "data/**", target: "/data/" },
        ],
        copyOut: [
          {
            source: "/src/coverage",
            target: join(folder, "coverage/"),
            onFailure: true,
            maxBytes: 1024 ** 2,
            maxEntries: 9,
          },
          { source: "/tmp/*.xml", target: folder },
        ],
        interactive: false,
      },
      {
        name: "one",
        steps: [{ name: "one", command: ["/bin/sh", "-c", "x"], workingDirectory: "/", timeoutMs: 1000 }],
      },
    ]);
  });

  it("names file, line and column of each mistake in slipway.json", async () => {
    await put("slipway.json", '{\n  "imgae": "x",\n  "run": { "ports": [0] }\n}');
    await assert.rejects(readWorkspaceConfiguration({ folder }), (error) => {
      assert.ok(error instanceof InvalidConfigurationError);
      assert.deepEqual(error.message.split("\n"), [
        'slipway.json:2:3: "imgae" is not known here',
        'slipway.json:3:22: run.ports.0: "0" is not a port: ports go from 1 to 65535.',
      ]);
      return true;
    });
  });

  it("refuses a slipway.json that is a folder", async () => {
    await mkdir(join(folder, "slipway.json"));
    await assert.rejects(readWorkspaceConfiguration({ folder }), (error) => {
      assert.ok(error instanceof InvalidConfigurationError);
      assert.match(error.message, /^slipway\.json:1:1: cannot be read: it is a folder/);
      return true;
    });
  });

  it("follows links to the workspace, so that one folder is one workspace", async () => {
    await mkdir(join(folder, "real"));
    await symlink("real", join(folder, "link"));
    assert.equal((await readWorkspaceConfiguration({ folder: join(folder, "link") })).folder, join(folder, "real"));
  });

  it("refuses a workspace that is missing or a file", async () => {
    await put("file");
    await assert.rejects(readWorkspaceConfiguration({ folder: join(folder, "gone") }), (error) => {
      assert.ok(error instanceof WorkspaceError);
      assert.match(error.message, /^There is no folder .*gone\./);
      return true;
    });
    await assert.rejects(readWorkspaceConfiguration({ folder: join(folder, "file") }), (error) => {
      assert.ok(error instanceof WorkspaceError);
      assert.match(error.message, /file is not a folder\./);
      return true;
    });
  });
});

describe("displayPath", () => {
  it("shortens what lies in the folder, and nothing else", () => {
    assert.equal(displayPath("/w", "/w/a/Dockerfile"), "a/Dockerfile");
    assert.equal(displayPath("/w", "/w"), "/w");
    assert.equal(displayPath("/w", "/other/Dockerfile"), "/other/Dockerfile");
    assert.equal(displayPath("/w", "/web/Dockerfile"), "/web/Dockerfile");
  });
});
