import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { AmbiguousDockerfileError, InvalidConfigurationError } from "../../errors/configurationErrors";
import type { Mount } from "../../ports/ContainerTypes";
import { readWorkspaceConfiguration } from "../readWorkspaceConfiguration";
import type { WorkspaceConfiguration } from "../WorkspaceConfiguration";

const PLAIN = ".devcontainer/devcontainer.json";

describe("a devcontainer.json", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-devcontainer-")));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function put(path: string, content: unknown = ""): Promise<void> {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  }

  async function read(content: unknown, path = PLAIN): Promise<WorkspaceConfiguration> {
    await put(path, content);
    return readWorkspaceConfiguration({ folder, env: { USER: "me" } });
  }

  /** Each problem as "line:column message". */
  async function problems(content: unknown): Promise<readonly string[]> {
    try {
      await read(content);
    } catch (error) {
      assert.ok(error instanceof InvalidConfigurationError, String(error));
      assert.ok(error.problems.every(({ path }) => path === PLAIN));
      return error.problems.map(({ line, column, message }) => `${String(line)}:${String(column)} ${message}`);
    }
    return assert.fail("it was taken");
  }

  const warnings = async (content: unknown): Promise<readonly string[]> =>
    ((await read(content)).warnings ?? []).map((text) => {
      assert.ok(text.startsWith(`${PLAIN}: `), text);
      return text.slice(PLAIN.length + 2);
    });

  describe("is found", () => {
    for (const path of [PLAIN, ".devcontainer.json", ".devcontainer/python/devcontainer.json"]) {
      it(`at ${path}`, async () => {
        const { source, image, tasks } = await read({ image: "node:20" }, path);
        assert.equal(source, path);
        assert.deepEqual(image, { kind: "image", reference: "node:20" });
        assert.deepEqual(tasks, []);
      });
    }

    it("before a Dockerfile, and after slipway.json", async () => {
      await put("Dockerfile", "FROM scratch");
      assert.equal((await read({ image: "a" })).image.kind, "image");
      await put("slipway.json", { image: "b" });
      assert.deepEqual((await readWorkspaceConfiguration({ folder })).image, { kind: "image", reference: "b" });
    });

    it("at the usual place before the others", async () => {
      await put(".devcontainer/x/devcontainer.json", { image: "x" });
      await put(".devcontainer.json", { image: "root" });
      assert.equal((await readWorkspaceConfiguration({ folder })).source, ".devcontainer.json");
      assert.equal((await read({ image: "a" })).source, PLAIN);
    });

    it("by asking where there are several others, and then by the answer", async () => {
      const [a, b] = [".devcontainer/a/devcontainer.json", ".devcontainer/b/devcontainer.json"];
      await put(a, { image: "a" });
      await put(b, { image: "b" });
      await put(".devcontainer/c/other.json");
      await assert.rejects(readWorkspaceConfiguration({ folder }), (error) => {
        assert.ok(error instanceof AmbiguousDockerfileError);
        assert.deepEqual(error.candidates, [a, b]);
        assert.match(error.message, /^There are several dev containers here: .*--file/);
        return true;
      });
      const remembered = await readWorkspaceConfiguration({ folder, dockerfile: { path: b, explicit: false } });
      assert.equal(remembered.source, b);
    });

    it("when it is named, also beside a slipway.json", async () => {
      await put("slipway.json", { image: "b" });
      await put("other/devcontainer.json", { image: "a" });
      const dockerfile = { path: "other/devcontainer.json", explicit: true };
      assert.deepEqual((await readWorkspaceConfiguration({ folder, dockerfile })).image, {
        kind: "image",
        reference: "a",
      });
      await assert.rejects(
        readWorkspaceConfiguration({ folder, dockerfile: { path: "gone/devcontainer.json", explicit: true } }),
        /^InvalidConfigurationError: gone\/devcontainer\.json:1:1: cannot be read: ENOENT/,
      );
    });
  });

  describe("says what is built", () => {
    it("with paths relative to its own folder", async () => {
      const { image } = await read({
        build: { dockerfile: "Dockerfile.dev", args: { A: "${localEnv:USER}", B: 1 }, target: "dev", cacheFrom: "c:1" },
      });
      assert.deepEqual(image, {
        kind: "build",
        build: {
          dockerfile: join(folder, ".devcontainer", "Dockerfile.dev"),
          context: join(folder, ".devcontainer"),
          target: "dev",
          platform: undefined,
          args: { A: "me", B: "1" },
          cacheFrom: ["c:1"],
        },
      });
    });

    it("in the older form, and with a context of its own", async () => {
      const { image } = await read({ dockerFile: "../Dockerfile", context: ".." });
      assert.deepEqual(image.kind === "build" && [image.build.dockerfile, image.build.context], [
        join(folder, "Dockerfile"),
        folder,
      ]);
    });

    it("with those options of docker build that have an equivalent", async () => {
      const content = {
        build: {
          dockerfile: "Dockerfile",
          cacheFrom: ["a:1", "type=local,src=x"],
          options: [
            "--platform=linux/arm64",
            "--add-host",
            "db:10.0.0.5",
            "--no-cache",
            "--pull",
            "--squash",
            "--network=a b",
          ],
        },
      };
      const { image } = await read(content);
      assert.ok(image.kind === "build");
      const { platform, extraHosts, noCache, pull, cacheFrom, network } = image.build;
      assert.deepEqual(
        { platform, extraHosts, noCache, pull, cacheFrom, network },
        {
          platform: "linux/arm64",
          extraHosts: { db: "10.0.0.5" },
          noCache: true,
          pull: "always",
          cacheFrom: ["a:1"],
          network: undefined,
        },
      );
      assert.deepEqual(await warnings(content), [
        'build.cacheFrom "type=local,src=x" is not the name of an image, which is where engines take cached layers from. Write it like "registry.example.com/app:cache".',
        '"--squash" of build.options is not applied: has no equivalent',
        '"--network=a b" of build.options is not applied: must be "default", "none", "host" or the name of a network',
      ]);
    });

    it("not at all, so that the Dockerfile at the root or the default image is taken", async () => {
      assert.deepEqual((await read("// nothing yet")).image, { kind: "image", reference: "node:20" });
      await put("Dockerfile", "FROM scratch");
      assert.equal((await readWorkspaceConfiguration({ folder })).image.kind, "build");
    });

    it("but an explicit Dockerfile comes first", async () => {
      await put(PLAIN, { image: "a", remoteUser: "node" });
      const { image, run } = await readWorkspaceConfiguration({
        folder,
        dockerfile: { path: "Dockerfile", explicit: true },
      });
      assert.equal(image.kind === "build" && image.build.dockerfile, join(folder, "Dockerfile"));
      assert.equal(run.user, "node");
    });
  });

  describe("says how containers run", () => {
    it("by its fields", async () => {
      const { run } = await read({
        image: "a",
        containerEnv: { A: "1", B: "${containerWorkspaceFolder}", C: "c" },
        remoteEnv: { C: "${containerEnv:A}", D: "${localWorkspaceFolderBasename}" },
        containerUser: "root",
        remoteUser: "node",
        mounts: [
          "source=${localWorkspaceFolder}/data,target=/data,type=bind,consistency=cached",
          { type: "volume", source: "cache-${devcontainerId}", target: "/cache" },
        ],
        forwardPorts: [3000, "localhost:9229", 8080],
        appPort: [8080, "127.0.0.1:9000:90"],
        init: true,
        privileged: true,
        capAdd: ["SYS_PTRACE"],
        securityOpt: ["seccomp=unconfined"],
        hostRequirements: { gpu: "optional", cpus: 4 },
      });
      const workspaceFolder = `/workspaces/${basename(folder)}`;
      const { ports, mounts, ...rest } = run;
      assert.deepEqual(rest, {
        env: { A: "1", B: workspaceFolder, C: "1", D: basename(folder) },
        workspaceFolder,
        user: "node",
        gpus: "optional",
        init: true,
        privileged: true,
        addCapabilities: ["SYS_PTRACE"],
        securityOptions: ["seccomp=unconfined"],
      });
      assert.deepEqual(
        ports.map(({ containerPort, hostPort }) => [containerPort, hostPort]),
        [
          [8080, 8080],
          [90, 9000],
          [3000, undefined],
          [9229, undefined],
        ],
      );
      assert.deepEqual(mounts?.[0], { kind: "bind", source: join(folder, "data"), target: "/data" });
      assert.match(mounts[1]?.kind === "volume" ? mounts[1].volume : "", /^cache-[0-9a-v]{52}$/);
    });

    it("by those of runArgs that have an equivalent, while the rest is named", async () => {
      const content = {
        image: "a",
        containerEnv: { A: "0" },
        runArgs: [
          ...["--cap-add=NET_ADMIN", "--cap-drop", "MKNOD", "--security-opt", "label:disable", "--network=host"],
          ...[
            "-e",
            "A=1",
            "-e",
            "USER",
            "-e",
            "NONE",
            "--env-file",
            ".env",
            "-v",
            "cache:/cache",
            "--tmpfs",
            "/t:size=64m",
          ],
          ...["--memory=2g", "--cpus", "1.5", "--pids-limit", "100", "--gpus", "all", "--shm-size=1g", "-p", "80"],
          ...["--add-host=db:10.0.0.5", "-l", "x=y", "--read-only", "--init", "-u", "1000:1000"],
          ...["--hostname", "h", "-it", "--ulimit=nofile=1", "--gpus=device=1", "--cpus=many", "-p", "1000-1010:80"],
        ],
      };
      const { run } = await read(content);
      assert.deepEqual(run, {
        env: { A: "1", USER: "me" },
        ports: [{ containerPort: 80, hostPort: undefined, hostIp: "127.0.0.1", protocol: "tcp" }],
        workspaceFolder: `/workspaces/${basename(folder)}`,
        user: "1000:1000",
        envFiles: [join(folder, ".env")],
        mounts: [
          { kind: "volume", volume: "cache", target: "/cache" },
          { kind: "tmpfs", target: "/t", sizeBytes: 64 * 1024 ** 2 },
          { kind: "tmpfs", target: "/dev/shm", sizeBytes: 1024 ** 3 },
        ] satisfies Mount[],
        network: "host",
        extraHosts: ["db:10.0.0.5"],
        resources: { cpus: 1.5, memoryBytes: 2 * 1024 ** 3, pids: 100 },
        gpus: "required",
        init: true,
        addCapabilities: ["NET_ADMIN"],
        dropCapabilities: ["MKNOD"],
        securityOptions: ["label=disable"],
        readOnlyRoot: true,
        labels: { x: "y" },
      });
      const told = await warnings(content);
      assert.deepEqual(
        told.map((text) => /^"(.*)" of runArgs is not applied: /.exec(text)?.[1]),
        ["--hostname h", "-it", "--ulimit=nofile=1", "--gpus=device=1", "--cpus=many", "-p 1000-1010:80"],
      );
      assert.match(told[5] ?? "", /"1000-1010:80" is not a port/);
    });

    for (const [what, content, expected] of [
      [
        "the folder itself, elsewhere",
        {
          workspaceMount: "source=${localWorkspaceFolder},target=/src,type=bind,consistency=cached",
          workspaceFolder: "/src",
        },
        { workspace: undefined, workspaceFolder: "/src", mounts: undefined },
      ],
      [
        "the folder itself, with a folder in it to work in",
        { workspaceMount: "source=${localWorkspaceFolder},target=/src,type=bind", workspaceFolder: "/src/a" },
        {
          workspace: "none",
          workspaceFolder: "/src/a",
          mounts: [{ kind: "bind", source: "FOLDER", target: "/src" }],
        },
      ],
      [
        "the folder itself, not to be written to",
        { workspaceMount: "source=${localWorkspaceFolder},target=/src,type=bind,readonly", workspaceFolder: "/src" },
        {
          workspace: "none",
          workspaceFolder: "/src",
          mounts: [{ kind: "bind", source: "FOLDER", target: "/src", readOnly: true }],
        },
      ],
      [
        "a volume",
        { workspaceMount: "source=code,target=/src,type=volume", workspaceFolder: "/src" },
        {
          workspace: "none",
          workspaceFolder: "/src",
          mounts: [{ kind: "volume", volume: "code", target: "/src" }],
        },
      ],
      [
        "nothing",
        { workspaceMount: "", workspaceFolder: "/src" },
        { workspace: "none", workspaceFolder: "/src", mounts: undefined },
      ],
    ] as const) {
      it(`with ${what} as the workspace`, async () => {
        const { run } = await read({ image: "a", ...content });
        const { workspace, workspaceFolder, mounts } = run;
        assert.deepEqual(
          JSON.parse(JSON.stringify({ workspace, workspaceFolder, mounts }).replaceAll(folder, "FOLDER")),
          JSON.parse(JSON.stringify(expected)),
        );
      });
    }
  });

  it("has its commands for a new container run as set-up", async () => {
    const { setup } = await read({
      image: "a",
      postStartCommand: "start",
      postCreateCommand: { server: "npm ci", client: ["npm", "ci"], none: "" },
      updateContentCommand: ["make", "${containerWorkspaceFolderBasename}"],
      onCreateCommand: "create ${HOME}",
    });
    assert.deepEqual(setup, [
      { name: "onCreateCommand", command: ["/bin/sh", "-c", "create ${HOME}"] },
      { name: "updateContentCommand", command: ["make", basename(folder)] },
      { name: "postCreateCommand: server", command: ["/bin/sh", "-c", "npm ci"] },
      { name: "postCreateCommand: client", command: ["npm", "ci"] },
      { name: "postStartCommand", command: ["/bin/sh", "-c", "start"] },
    ]);
  });

  it("has what is not done named, and says nothing of what is not Slipway's business", async () => {
    assert.deepEqual(
      await warnings({
        name: "x",
        image: "a",
        customizations: { vscode: {} },
        waitFor: "onCreateCommand",
        hostRequirements: { cpus: 2 },
        features: { "ghcr.io/devcontainers/features/git:1": {} },
        initializeCommand: "x",
        postAttachCommand: "x",
        overrideCommand: false,
        forwardPorts: ["db:5432"],
        remoteEnv: { PATH: "${containerEnv:PATH}:/x", A: null },
        postCreateCommand: "echo ${containerEnv:PATH}",
        workspaceMount: "source=code,target=/src,type=volume",
        shiny: 1,
        dull: 2,
      }),
      [
        "features are not applied: ghcr.io/devcontainers/features/git:1",
        "initializeCommand is not run: it would run on this machine, outside of any container",
        "postAttachCommand is not run: no editor is attached to the container",
        "overrideCommand is false, but the image's own command does not run beside tasks",
        "not known to Slipway, and without effect: shiny, dull",
        "postCreateCommand has a variable in it that is known only in the container, and is left as it is",
        "workspaceMount is no folder of this machine: what is in the container are not the files of this folder",
        "remoteEnv.PATH is not set: the value of a variable in it is known only in the container",
        "remoteEnv.A is null: Slipway cannot take a variable away",
        'forwardPorts "db:5432" is not applied: it is a port of another container',
      ],
    );
    assert.deepEqual(await warnings({ image: "a", name: "x", features: {}, $schema: "y", secrets: {} }), []);
  });

  describe("is told about with line and column", () => {
    for (const [what, content, expected] of [
      ["that is not JSON", '{\n "image": }', ["2:11 not valid JSON: value expected"]],
      ["that is a list", "[]", ["1:1 the file must be an object"]],
      [
        "with a wrong type",
        '{"image": 20,\n "runArgs": "--init"}',
        ["1:11 image must be a string", "2:13 runArgs must be an array"],
      ],
      ["with a key twice", '{"image": "a",\n "image": "b"}', ['2:2 "image" is there twice']],
      [
        "with an image that is none",
        '{"image":\n "My Image"}',
        ['2:2 image: is not the name of an image. Write it in lower case, like "node:20".'],
      ],
      [
        "of Docker Compose",
        '{\n "dockerComposeFile": "compose.yml", "service": "app"}',
        [
          "2:2 dockerComposeFile: Slipway does not run Docker Compose. Name an image or a Dockerfile instead, or write a slipway.json, which comes first.",
        ],
      ],
      [
        "with mounts and folders that cannot be",
        '{"mounts": ["x",\n {"type": "bind", "target": "/a"}],\n "workspaceFolder": "src"}',
        [
          '1:13 mounts.0: "x" is not a mount. Write "./data:/data", "cache:/cache:ro" or "type=bind,source=data,target=/data".',
          "2:2 mounts.1: a mount of type bind must have a source: a path of this machine",
          "3:21 workspaceFolder: must be an absolute path in the container, such as /workspace, and none of the system's own",
        ],
      ],
      [
        "with a workspaceMount that is none",
        '{"workspaceMount": "source=x",\n "workspaceFolder": "/src"}',
        ['1:20 workspaceMount: "source=x" has no target: where it is to be in the container.'],
      ],
      [
        "with ports, users and capabilities that cannot be",
        '{"forwardPorts": [70000],\n "appPort": "http",\n "remoteUser": "-x",\n "capAdd": ["A B"]}',
        [
          '1:19 forwardPorts.0: "70000" is not a port: ports go from 1 to 65535.',
          '2:13 appPort: "http" is not a port. Write 3000, "8080:80", "127.0.0.1:8080:80" or "53/udp".',
          '3:16 remoteUser: must be "host", the name or number of a user, or "user:group"',
          '4:13 capAdd.0: must be the name of a capability, such as "SYS_PTRACE", or "ALL"',
        ],
      ],
      [
        "with names of variables that cannot be",
        '{"containerEnv": {"A-B": "x"}}',
        ['1:19 the name "A-B" must be letters, digits and underscores, and not start with a digit'],
      ],
      [
        "with a command that is none",
        '{"postCreateCommand": 5}',
        ["1:23 postCreateCommand has the wrong type: a string or an array or an object is expected"],
      ],
      ["with two mounts at one place", '{"mounts": ["va:/a", "vb:/a"]}', ["1:1 the target /a is there twice"]],
      ["that is nested too deeply", "[".repeat(50_000), ["1:1 nested too deeply to be read"]],
    ] as const) {
      it(what, async () => {
        assert.deepEqual(await problems(content), expected);
      });
    }
  });

  it("is read or refused, whatever is in it", async () => {
    const keys = [
      ...["image", "build", "mounts", "runArgs", "containerEnv", "remoteEnv", "workspaceMount", "workspaceFolder"],
      ...[
        "forwardPorts",
        "appPort",
        "remoteUser",
        "onCreateCommand",
        "postCreateCommand",
        "features",
        "capAdd",
        "init",
      ],
    ];
    const word = fc.oneof(
      fc.constantFrom("a", "/a", "-v", "--env", "A=1", "--mount=x", "./a:/b", "v1:/b", "type=bind,source=/a,target=/c"),
      fc.constantFrom("${localEnv:X}", "${containerEnv:PATH}", "${localWorkspaceFolder}", "3000", "dockerfile", "A"),
      fc.string({ maxLength: 5 }),
    );
    const value = fc.oneof(word, fc.nat(), fc.array(word, { maxLength: 6 }), fc.dictionary(word, word, { maxKeys: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 6 }), async (content) => {
        try {
          const { run } = await read(content);
          assert.ok(run.workspaceFolder.startsWith("/"));
        } catch (error) {
          assert.ok(error instanceof InvalidConfigurationError && error.problems.length > 0, String(error));
        }
      }),
    );
  });
});
