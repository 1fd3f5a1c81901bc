import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { ContainerSummary } from "../../src/core/ports/ContainerTypes";
import { LABEL, workspaceLabels } from "../../src/core/labels";
import { workspaceOf } from "../../src/core/Workspace";
import { EngineProxy } from "./EngineProxy";
import { processesWith } from "./processes";
import { BUILT_CLI, runCli, type CliOptions, type CliRun } from "./runCli";
import { engineOfEachKind, mainEngines } from "../faults/engineOfEachKind";
import { TestWorkspace } from "./TestWorkspace";

const DOCKERFILE = 'FROM busybox\nCOPY . /app\nCMD ["echo", "from the image"]\n';

for (const { name, address, connect } of mainEngines()) {
  describe(`slipway on ${name}`, () => {
    let engine: ContainerEngine;
    let workspace: TestWorkspace;

    const start = async (files: Readonly<Record<string, string>>): Promise<void> => {
      engine = connect();
      workspace = await TestWorkspace.create(files);
    };
    const slipway = async (
      args: readonly string[],
      options: CliOptions & { readonly engine?: string } = {},
    ): Promise<CliRun> => {
      const separator = args.indexOf("--");
      const own = separator < 0 ? args : args.slice(0, separator);
      const rest = separator < 0 ? [] : args.slice(separator);
      return runCli([...own, "--engine", options.engine ?? address, ...rest], {
        cwd: workspace.folder,
        ...options,
        env: { SLIPWAY_CACHE_DIR: workspace.cache, ...options.env },
      });
    };
    const nothingIsLeft = async (): Promise<void> => {
      assert.deepEqual(await workspace.containers(engine), []);
    };
    /** The workspace's warm container, which is all that there is. */
    const onlyTheWarmOne = async (): Promise<ContainerSummary> => {
      const [warm, ...others] = await workspace.containers(engine);
      assert.deepEqual([warm?.state, warm?.labels[LABEL.kind], others], ["running", "warm", []]);
      assert.ok(warm);
      return warm;
    };

    afterEach(async () => {
      await workspace.remove(engine);
    });

    describe("the main job", () => {
      it("builds, is fresh the second time, and names the file that made it stale", async () => {
        await start({ Dockerfile: DOCKERFILE, "src/app.txt": "1\n" });
        const first = await slipway(["run"]);
        assert.equal(first.code, 0, first.stderr);
        assert.equal(first.stdout, "from the image\n");
        assert.match(first.stderr, /building: there is no image yet/);
        assert.match(first.stderr, /exit code 0 .*check .*build .*start .*run/);
        const second = await slipway(["run"]);
        assert.equal(second.stdout, "from the image\n");
        assert.match(second.stderr, /fresh: \d+ inputs unchanged/);
        assert.doesNotMatch(second.stderr, /COPY/);
        await workspace.write("src/app.txt", "2\n");
        const third = await slipway(["run"]);
        assert.equal(third.code, 0, third.stderr);
        assert.match(third.stderr, /rebuilding: src\/app\.txt changed/);
        await nothingIsLeft();
      });

      it("runs a command in the workspace and gives its output and its exit code", async () => {
        await start({ Dockerfile: DOCKERFILE, "given.txt": "given\n" });
        const { code, stdout, stderr } = await slipway([
          "run",
          "--",
          "sh",
          "-c",
          "pwd; cat given.txt; echo oops >&2; exit 7",
        ]);
        assert.equal(code, 7);
        assert.equal(stdout, "/workspace\ngiven\n");
        assert.match(stderr, /^oops$/m);
        // Of a command that is no task, a failure is nothing to go on with.
        assert.doesNotMatch(stderr, /--retry/);
        await onlyTheWarmOne();
      });

      it("takes task, environment and build arguments from slipway.json", async () => {
        await start({
          "docker/app.Dockerfile":
            'FROM busybox AS base\nARG WORD\nRUN echo "$WORD" > /word\nFROM base AS extra\nRUN exit 1\n',
          "slipway.json": `{
            // comments are fine
            "build": { "dockerfile": "docker/app.Dockerfile", "target": "base", "args": { "WORD": "built" } },
            "run": { "env": { "GREETING": "hello" } },
            "tasks": { "say": { "command": "echo $GREETING $(cat /word)" }, "other": { "command": ["true"] }, },
          }`,
        });
        const { code, stdout, stderr } = await slipway(["run", "--task", "say"]);
        assert.equal(code, 0, stderr);
        assert.equal(stdout, "hello built\n");
      });

      it("publishes a port and says where", async () => {
        await start({ Dockerfile: DOCKERFILE, "slipway.json": '{ "run": { "ports": [8000] } }' });
        const command = "echo hi > index.html; timeout 5 httpd -f -p 8000";
        let fetched: Promise<string> | undefined;
        const { stderr } = await slipway(["run", "--", "sh", "-c", command], {
          onOutput: (text, child) => {
            const [, url] = /port 8000 of the container is (127\.0\.0\.1:\d+)/.exec(text) ?? [];
            if (url !== undefined) {
              fetched ??= fetchSoon(`http://${url}/index.html`).finally(() => {
                child.kill("SIGINT");
              });
            }
          },
        });
        assert.equal(await fetched, "hi\n", stderr);
      });
    });

    describe("containers", () => {
      it("are kept with --keep, listed and removed; nobody else's are touched", async () => {
        await start({ Dockerfile: DOCKERFILE });
        await slipway(["run", "--keep"]);
        const listed = JSON.parse((await slipway(["ps", "--json"])).stdout) as {
          readonly id: string;
          readonly state: string;
        };
        assert.equal(listed.state, "exited");
        await slipway(["run", "--keep"]);
        const [again, ...others] = await workspace.containers(engine);
        assert.deepEqual(others, []);
        assert.notEqual(again?.id, listed.id);
        const missing = await slipway(["rm", "no-such"]);
        assert.equal(missing.code, 125);
        const removed = await slipway(["rm", again?.name ?? ""]);
        assert.equal(removed.code, 0, removed.stderr);
        await nothingIsLeft();
      });

      it("that somebody else made of Slipway's image are not Slipway's", async () => {
        await start({ Dockerfile: DOCKERFILE });
        await slipway(["build"]);
        const [image] = await engine.listImages({ labels: workspace.labels });
        const theirs = await engine.createContainer({
          image: image?.id ?? "",
          name: `slipway-test-theirs-${randomBytes(4).toString("hex")}`,
          command: ["sleep", "300"],
          workingDirectory: undefined,
          env: {},
          labels: {},
          mounts: [],
          ports: [],
        });
        await slipway(["run", "--keep"]);
        assert.equal((await slipway(["rm", "--all"])).stdout.trim().split("\n").length, 1);
        assert.ok(await engine.inspectContainer(theirs));
        assert.equal((await slipway(["ps", "--json"])).stdout, "");
        await engine.removeContainer(theirs);
      });

      it("of a killed process are removed at the next run", async () => {
        await start({ Dockerfile: DOCKERFILE });
        await workspace.write("Dockerfile", 'FROM busybox\nCMD ["sh", "-c", "echo up; sleep 300"]\n');
        const killed = await slipway(["run"], {
          onOutput: (text, child) => {
            if (/^up$/m.test(text)) {
              child.kill("SIGKILL");
            }
          },
        });
        assert.equal(killed.code, "SIGKILL");
        assert.equal((await workspace.containers(engine)).length, 1);
        await workspace.write("Dockerfile", DOCKERFILE);
        await slipway(["run"]);
        await nothingIsLeft();
      });
    });

    if (!engineOfEachKind().some((engine) => engine.address === address)) {
      // What follows, another engine of its kind shows as well.
      return;
    }

    describe("the main job, whatever the engine's rights", () => {
      it("passes the command's output on as it is, whatever the bytes", async () => {
        await start({ Dockerfile: DOCKERFILE });
        const { stdout } = await slipway(
          ["run", "--", "sh", "-c", "printf '\\377\\376\\000\\200abc' | od -An -tx1; printf '\\377\\000'"],
          {
            encoding: "latin1",
          },
        );
        assert.equal(stdout, " ff fe 00 80 61 62 63\n\u00ff\u0000");
      });

      it("builds a Dockerfile with very many sources", async () => {
        // More than the 128 headers that Node takes by default; few enough for BuildKit 20.10, which gives up by
        // itself ("flightcontrol: exceeded retry timeout") on a few hundred at once, whoever the client is.
        const folders = Array.from({ length: 14 }, (_, index) => `packages/p${String(index)}`);
        const files = folders.map((folder) =>
          Array.from({ length: 10 }, (_, index) => `${folder}/${String(index)}.json`),
        );
        const copies = files.map((some, index) => `COPY ${some.join(" ")} /x${String(index)}/\n`);
        await start({
          Dockerfile: `FROM busybox\n${copies.join("")}`,
          ...Object.fromEntries(files.flat().map((file) => [file, "{}"])),
        });
        const { code, stderr } = await slipway(["build"]);
        assert.equal(code, 0, stderr);
      });

      it("keeps setuid and sticky bits, and counts them", async () => {
        await start({ Dockerfile: DOCKERFILE, "tool.sh": "x", "folder/file": "x" });
        await chmod(join(workspace.folder, "folder"), 0o1777);
        await slipway(["build"]);
        await chmod(join(workspace.folder, "tool.sh"), 0o4755);
        const { stdout, stderr } = await slipway(["run", "--", "stat", "-c", "%a", "/app/tool.sh", "/app/folder"]);
        assert.match(stderr, /tool\.sh changed \(mode 644 -> 4755\)/);
        assert.match(stdout, name.startsWith("docker") ? /^4755\n1777\n$/ : /^\d+\n\d+\n$/);
      });

      it("goes on when it cannot write down what the image was made from", async () => {
        await start({ Dockerfile: DOCKERFILE });
        const { code, stdout, stderr } = await slipway(["run"], { env: { SLIPWAY_CACHE_DIR: "/dev/null" } });
        assert.equal(code, 0, stderr);
        assert.equal(stdout, "from the image\n");
        assert.match(stderr, /warning: What the image was made from could not be written down/);
        const task = await slipway(["run", "--rm", "--", "echo", "of a step"], {
          env: { SLIPWAY_CACHE_DIR: "/dev/null" },
        });
        assert.deepEqual([task.code, task.stdout], [0, "of a step\n"], task.stderr);
        await nothingIsLeft();
      });

      it("prints one event a line with --json", async () => {
        await start({ Dockerfile: DOCKERFILE });
        const { stdout } = await slipway(["run", "--json"]);
        const events = stdout
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as { readonly type: string; readonly text?: string });
        const types = events.map(({ type }) => type).filter((type) => type !== "build");
        assert.deepEqual(types, ["decision", "image", "container", "output", "exit", "summary"]);
        assert.equal(events.find(({ type }) => type === "output")?.text, "from the image\n");
      });

      it("gives the image its fingerprint as tag and label", async () => {
        await start({ Dockerfile: DOCKERFILE });
        await slipway(["build"]);
        const { stdout } = await slipway(["fingerprint", "--json"]);
        const { fingerprint } = JSON.parse(stdout) as { readonly fingerprint: string };
        const [image] = await engine.listImages({ labels: workspace.labels });
        assert.equal(image?.labels["dev.slipway.fingerprint"], fingerprint);
        assert.ok(image.references.some((reference) => reference.endsWith(`:${fingerprint}`)));
      });

      it("rebuilds when it is told to", async () => {
        await start({ Dockerfile: `FROM busybox\nRUN echo step-${randomBytes(4).toString("hex")}\n` });
        await slipway(["build"]);
        const forced = await slipway(["build", "--force-rebuild"]);
        assert.match(forced.stderr, /rebuilding: a rebuild was asked for/);
        assert.match(forced.stderr, /cached/);
        const anew = await slipway(["build", "--no-cache"]);
        assert.equal(anew.code, 0, anew.stderr);
        assert.match(anew.stderr, /^step-/m);
        assert.match(anew.stderr, /warning: busybox could not be pulled/);
        assert.equal((await engine.listImages({ labels: workspace.labels })).length, 1);
      });

      it("sends what .dockerignore leaves, and the Dockerfile although it is ignored", async () => {
        await start({
          Dockerfile: "FROM busybox\nCOPY . /app\nRUN ls -a /app\n",
          ".dockerignore": "secret\nDockerfile\n*.log\n!kept.log\n",
          secret: "s",
          "a.log": "a",
          "kept.log": "k",
        });
        const { code, stdout, stderr } = await slipway(["run", "--", "ls", "-A", "/app"]);
        assert.equal(code, 0, stderr);
        assert.deepEqual(stdout.trim().split("\n"), [".dockerignore", "kept.log"]);
      });

      it("runs in a folder with a comma, quotes, spaces and letters of any script in its name", async () => {
        await start({});
        const folder = 'odd, "name" größe';
        await workspace.write(`${folder}/Dockerfile`, DOCKERFILE);
        await workspace.write(`${folder}/given.txt`, "given\n");
        const { stdout, stderr } = await slipway(["run", "--workspace", folder, "--", "cat", "given.txt"]);
        assert.equal(stdout, "given\n", stderr);
        const odd = workspaceOf(join(workspace.folder, folder));
        for (const { references } of await engine.listImages({ labels: workspaceLabels(odd) })) {
          await engine.removeImage(references[0] ?? "");
        }
      });
    });

    describe("cancelling", () => {
      it("a task stops it with all that it has started, and leaves the warm container as it was", async () => {
        const seconds = String(100_000 + Math.floor(Math.random() * 100_000));
        const script = `sleep ${seconds} & trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done`;
        await start({ Dockerfile: DOCKERFILE });
        const { code, stdout } = await slipway(["run", "--", "sh", "-c", script], {
          onOutput: (text, child) => {
            if (/^up$/m.test(text)) {
              child.kill("SIGINT");
            }
          },
        });
        assert.equal(code, 130);
        assert.match(stdout, /bye/);
        assert.deepEqual(processesWith(`sleep\0${seconds}`), []);
        const { id } = await onlyTheWarmOne();
        assert.equal((await slipway(["run", "--", "true"])).code, 0);
        assert.equal((await onlyTheWarmOne()).id, id);
      });

      it("the image's own command stops it and leaves nothing", async () => {
        const script = "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done";
        await start({ Dockerfile: `FROM busybox\nCMD ${JSON.stringify(["sh", "-c", script])}\n` });
        const { code, stdout } = await slipway(["run"], {
          onOutput: (text, child) => {
            if (/^up$/m.test(text)) {
              child.kill("SIGINT");
            }
          },
        });
        assert.equal(code, 130);
        assert.match(stdout, /bye/);
        await nothingIsLeft();
      });

      it("twice ends at once; the next run cleans up", async () => {
        const seconds = String(100_000 + Math.floor(Math.random() * 100_000));
        await start({ Dockerfile: DOCKERFILE });
        const { code } = await slipway(
          ["run", "--", "sh", "-c", `trap '' TERM; echo up; while :; do sleep ${seconds}; done`],
          {
            onOutput: (text, child) => {
              if (/^up$/m.test(text)) {
                child.kill("SIGINT");
                setTimeout(() => {
                  child.kill("SIGINT");
                }, 800);
              }
            },
          },
        );
        assert.equal(code, 130);
        // The last word of the first interruption may still have been heard.
        assert.equal((await slipway(["run", "--", "true"])).code, 0);
        assert.deepEqual(processesWith(`sleep\0${seconds}`), []);
        await onlyTheWarmOne();
      });

      it("a build stops it and leaves nothing", async () => {
        const seconds = String(100_000 + Math.floor(Math.random() * 100_000));
        await start({ Dockerfile: `FROM busybox\nRUN echo up && sleep ${seconds}\n` });
        const { code, stderr } = await slipway(["build"], {
          onOutput: (text, child) => {
            if (/^up$/m.test(text)) {
              child.kill("SIGINT");
            }
          },
        });
        assert.equal(code, 130, stderr);
        await soon(() => processesWith(`sleep\0${seconds}`).length === 0);
        await nothingIsLeft();
        assert.deepEqual(await engine.listImages({ labels: workspace.labels }), []);
      });
    });

    describe("bad input", () => {
      const fails = async (
        args: readonly string[],
        expected: RegExp,
        options: CliOptions & { readonly engine?: string } = {},
      ): Promise<void> => {
        const { code, stderr } = await slipway(args, options);
        assert.equal(code, 125, stderr);
        assert.match(stderr, expected);
        assert.doesNotMatch(stderr, /this is a bug/);
        await nothingIsLeft();
      };

      it("a failing step is named with its line, its exit code and its last output", async () => {
        await start({ Dockerfile: "FROM busybox\n\nRUN echo before && \\\n    exit 4\n" });
        await fails(
          ["run"],
          /The build step .*RUN echo before.* failed with exit code 4 \(Dockerfile:3\)[\s\S]*before/,
        );
      });

      it("a name that no image can have is told", async () => {
        await start({ "slipway.json": '{ "image": "Bad Name" }' });
        await fails(["run"], /slipway\.json:1:12: image: is not the name of an image/);
        await workspace.write("slipway.json", "{}");
        await workspace.write("Dockerfile", "FROM BusyBox\n");
        await fails(["run"], /There is no image BusyBox \(Dockerfile:1\): this is not the name of an image/);
      });

      it("a link out of the context is told where the engine refuses it", async () => {
        await start({ Dockerfile: DOCKERFILE });
        await symlink("../../outside", join(workspace.folder, "link"));
        const { code, stderr } = await slipway(["run"]);
        if (code !== 0) {
          assert.match(stderr, /link: this link leads out of the build context .*Ignore it in \.dockerignore/);
        }
        assert.equal(code === 0, !name.startsWith("podman"), stderr);
      });

      it("a FIFO where a file should be is told, and not waited for", async () => {
        await start({ Dockerfile: DOCKERFILE });
        for (const file of ["slipway.json", ".dockerignore"]) {
          execFileSync("mkfifo", [join(workspace.folder, file)]);
          await fails(["run"], /cannot be read.*it is not a regular file/);
          await rm(join(workspace.folder, file));
        }
      });

      it("a base image that is nowhere is named with its line", async () => {
        await start({ Dockerfile: "FROM busybox AS one\nFROM localhost:1/no/such:1\n" });
        await fails(["run"], /The image localhost:1\/no\/such:1 \(Dockerfile:2\) is not here and could not be pulled/);
      });

      it("an image that is nowhere is named", async () => {
        await start({ "slipway.json": '{ "image": "localhost:1/no/such:1" }' });
        await fails(["run"], /The image localhost:1\/no\/such:1 is not here and could not be pulled/);
      });

      it("a Dockerfile that only the builder can refuse is told in the builder's words", async () => {
        await start({ Dockerfile: "FROM busybox\nCOPY no-such-file /\n" });
        await fails(["run"], /no-such-file/);
      });

      it("an unknown task is told with those that there are", async () => {
        await start({
          Dockerfile: DOCKERFILE,
          "slipway.json": '{ "tasks": { "a": { "command": "true" }, "b": { "command": "true" } } }',
        });
        await fails(["run", "--task", "c"], /There is no task "c"; the tasks are: a, b/);
        await fails(["run"], /Which task\?.*a, b/);
      });

      it("a missing program is told as a shell would", async () => {
        await start({ Dockerfile: DOCKERFILE });
        const { code, stderr } = await slipway(["run", "--", "no-such-program"]);
        assert.equal(code, 127, stderr);
        assert.match(stderr, /no-such-program/);
        await onlyTheWarmOne();
      });

      it("a missing program of the image's own is told, and the container is gone", async () => {
        await start({ Dockerfile: 'FROM busybox\nCMD ["no-such-program"]\n' });
        await fails(["run"], /Could not start the container.*no-such-program/s);
      });

      it("a port in use is told, and the container is gone", async () => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        try {
          const { port } = server.address() as AddressInfo;
          await start({ Dockerfile: DOCKERFILE, "slipway.json": `{ "run": { "ports": ["${String(port)}:80"] } }` });
          await fails(["run"], new RegExp(`Port ${String(port)} on 127\\.0\\.0\\.1 is in use`));
        } finally {
          server.close();
        }
      });

      it("an engine that goes away while a task runs is no success", async () => {
        const seconds = String(100_000 + Math.floor(Math.random() * 100_000));
        await start({ Dockerfile: DOCKERFILE });
        const proxy = await EngineProxy.listen(address);
        try {
          const { code, stderr } = await slipway(["run", "--", "sh", "-c", `echo up; sleep ${seconds}`], {
            engine: proxy.address,
            onOutput: (text) => {
              if (/^up$/m.test(text)) {
                void proxy.sever();
              }
            },
          });
          assert.equal(code, 125, stderr);
          assert.match(stderr, /went away .*Start it again/);
        } finally {
          await proxy.close();
        }
        // Nothing could be stopped while it was away; the next run does it.
        assert.equal((await slipway(["run", "--", "true"])).code, 0);
        assert.deepEqual(processesWith(`sleep\0${seconds}`), []);
        await onlyTheWarmOne();
      });

      it("an engine that goes away while an image is built is told", async () => {
        const seconds = String(200_000 + Math.floor(Math.random() * 100_000));
        await start({ Dockerfile: `FROM busybox\nRUN echo up && sleep ${seconds}\n` });
        const proxy = await EngineProxy.listen(address);
        try {
          await fails(["build"], /went away/, {
            engine: proxy.address,
            onOutput: (text) => {
              if (/^up$/m.test(text)) {
                void proxy.sever();
              }
            },
          });
        } finally {
          await proxy.close();
        }
        await soon(() => processesWith(`sleep\0${seconds}`).length === 0);
      });
    });
  });
}

describe("slipway without an engine", () => {
  let workspace: TestWorkspace;

  beforeEach(async () => {
    workspace = await TestWorkspace.create({ Dockerfile: DOCKERFILE });
  });

  afterEach(async () => {
    await rm(join(workspace.folder, ".."), { recursive: true, force: true });
  });

  it("names what was tried", async () => {
    const missing = join(workspace.folder, "no.sock");
    const { code, stderr } = await runCli(["run", "--engine", `unix://${missing}`], { cwd: workspace.folder });
    assert.equal(code, 125);
    assert.match(stderr, /No container engine answers\. Start Docker or Podman/);
    assert.ok(stderr.includes(`unix://${missing} (--engine): there is no such socket`), stderr);
  });

  it("says who may not use the socket, and what to do", async function () {
    if (process.getuid?.() !== 0) {
      // Only root can run the CLI as a user who may not.
      this.skip();
    }
    const folder = await mkdtemp(join(tmpdir(), "slipway-denied-"));
    const server = createServer();
    try {
      await chmod(folder, 0o755);
      const socket = join(folder, "denied.sock");
      await new Promise<void>((resolve) => server.listen(socket, resolve));
      await chmod(socket, 0o600);
      const cli = join(folder, "cli.js");
      await copyFile(BUILT_CLI, cli);
      const { code, stderr } = await runCli(["ps", "--engine", `unix://${socket}`], { cwd: folder, cli, uid: 65_534 });
      assert.equal(code, 125, stderr);
      assert.match(stderr, /The container engine at .*denied\.sock may not be used: .*for root only\. Have the owner/);
    } finally {
      server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("still prints the fingerprint, and says what it lacks", async () => {
    const { code, stdout, stderr } = await runCli(["fingerprint", "--json"], {
      cwd: workspace.folder,
      env: { DOCKER_HOST: `unix://${join(workspace.folder, "no.sock")}` },
    });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /base images count by their names only/);
    const { inputs } = JSON.parse(stdout) as {
      readonly inputs: readonly { readonly kind: string; readonly path?: string }[];
    };
    assert.deepEqual(
      inputs.map(({ kind, path }) => `${kind} ${path ?? ""}`.trim()),
      ["dockerfile Dockerfile", "base-image", "file Dockerfile"],
    );
  });
});

async function fetchSoon(url: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      // Whoever asks before anything listens may wait for ever.
      return await (await fetch(url, { signal: AbortSignal.timeout(1000) })).text();
    } catch (error) {
      if (attempt === 20) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function soon(condition: () => boolean): Promise<void> {
  for (let attempt = 0; !condition(); attempt++) {
    assert.ok(attempt < 100, "not within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
