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
      { name: "z", command: ["a", "b c"] },
      { name: "a", command: ["/bin/sh", "-c", "x && y"] },
      { name: "s", command: ["p"] },
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
