import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerSummary } from "../../src/core/ports/ContainerTypes";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { until } from "../conformance/until";
import { processesWith } from "./processes";
import { BUILT_CLI, runCli, type CliOptions, type CliRun } from "./runCli";
import { testEngines } from "./testEngines";
import { TestWorkspace } from "./TestWorkspace";

const DOCKERFILE = "FROM busybox\nRUN mkdir /made\n";

/** A number of seconds by which a sleeping process is found among all of this machine's. */
const seconds = (): string => String(300_000 + Math.floor(Math.random() * 100_000));

for (const { name, address, connect } of testEngines()) {
  describe(`slipway run on ${name}`, () => {
    const engine = connect();
    let workspace: TestWorkspace;

    const start = async (slipway: object, files: Readonly<Record<string, string>> = {}): Promise<void> => {
      workspace = await TestWorkspace.create({ Dockerfile: DOCKERFILE, ...files });
      await configure(slipway);
    };
    const configure = async (slipway: object): Promise<void> =>
      workspace.write("slipway.json", JSON.stringify(slipway));
    const environment = (): Readonly<Record<string, string>> => ({ SLIPWAY_CACHE_DIR: workspace.cache });
    const slipway = async (args: readonly string[], options: CliOptions = {}): Promise<CliRun> => {
      const separator = args.indexOf("--");
      const own = separator < 0 ? args : args.slice(0, separator);
      const rest = separator < 0 ? [] : args.slice(separator);
      return runCli([...own, "--engine", address, ...rest], {
        cwd: workspace.folder,
        ...options,
        env: environment(),
      });
    };
    const onlyContainer = async (): Promise<ContainerSummary> => {
      const [container, ...others] = await workspace.containers(engine);
      assert.deepEqual(others, []);
      assert.ok(container);
      return container;
    };

    afterEach(async () => {
      await workspace.remove(engine);
    });

    it("sets up once, runs the steps, copies in and out, fails, is looked at, and goes on from there", async () => {
      const tasks = {
        test: {
          env: { GREETING: "hello" },
          copyIn: [{ source: "secret.txt", target: "/made/given/" }],
          steps: [
            { name: "first", command: "cat /made/set-up /made/given/secret.txt; echo $GREETING >> /made/log" },
            { name: "second", command: ["test", "-f", "fixed"] },
            { name: "third", command: "cat /made/log; pwd" },
          ],
          copyOut: [{ source: "/made/log", target: "out/" }],
        },
      };
      const setup = [{ command: "echo set up >> /made/set-up", inputs: ["lock"] }];
      await start({ setup, tasks, run: { user: "host" } }, { lock: "1", "secret.txt": "secret\n" });
      const failed = await slipway(["run"]);
      assert.equal(failed.code, 1, failed.stderr);
      assert.equal(failed.stdout, "set up\nsecret\n");
      assert.match(failed.stderr, /step 2 of 3: second\n.*second: failed with exit code 1 .*third: not run/s);
      assert.match(failed.stderr, /slipway run --task test --retry +goes on from "second"/);
      const container = await onlyContainer();
      const looked = await slipway(["shell", "--task", "test", "--", "sh", "-c", "cat /made/log; echo $GREETING"]);
      assert.deepEqual([looked.code, looked.stdout], [0, "hello\nhello\n"], looked.stderr);
      await workspace.write("fixed", "");
      const again = await slipway(["run", "--task", "test", "--retry"]);
      assert.deepEqual([again.code, again.stdout], [0, "hello\n/workspace\n"], again.stderr);
      assert.match(again.stderr, /first: done in the earlier try/);
      assert.equal((await onlyContainer()).id, container.id);
      const copied = join(workspace.folder, "out", "log");
      assert.equal(await readFile(copied, "utf8"), "hello\n");
      assert.equal((await stat(copied)).uid, process.getuid?.());
      // Warm: the set-up holds; and not any more when what it depends on has changed.
      const warm = await slipway(["run", "-t", "test", "--json"]);
      assert.match(warm.stdout, /"part":"setup".*"why":"inputs"/);
      assert.match(warm.stdout, /"type":"container".*"reused":true/);
      await workspace.write("lock", "2");
      const anew = await slipway(["run", "-t", "test"]);
      assert.match(anew.stdout, /^set up\nset up\n/);
    });

    it("copies the workspace where it is not mounted, and brings it up to date", async () => {
      await start({ run: { workspace: "copy" } }, { "a.txt": "1\n", "b/c.txt": "2\n" });
      const first = await slipway(["run", "--", "sh", "-c", "cat a.txt b/c.txt; echo kept > own.txt"]);
      assert.deepEqual([first.code, first.stdout], [0, "1\n2\n"], first.stderr);
      await workspace.write("a.txt", "changed\n");
      const second = await slipway(["run", "--", "cat", "a.txt", "b/c.txt", "own.txt"]);
      assert.equal(second.stdout, "changed\n2\nkept\n", second.stderr);
      assert.match(second.stderr, /brought up to date \/workspace: 1 file,/);
      const { name: container } = await onlyContainer();
      assert.equal((await slipway(["cp", `${container}:/workspace/own.txt`, "taken.txt"])).code, 0);
      assert.equal(await readFile(join(workspace.folder, "taken.txt"), "utf8"), "kept\n");
      assert.equal((await slipway(["cp", "taken.txt", `${container}:/made`])).code, 0);
      const looked = await slipway(["shell", container, "--", "cat", "/made/taken.txt"]);
      assert.equal(looked.stdout, "kept\n", looked.stderr);
    });

    if (!engineOfEachKind().some((engine) => engine.address === address)) {
      // What follows, another engine of its kind shows as well.
      return;
    }

    it("takes another container for other options, and says why; --fresh, --rm and discard", async () => {
      await start({ tasks: { no: { command: "echo $A; exit 3" } } });
      assert.equal((await slipway(["run", "-e", "A=one"])).code, 3);
      const first = await onlyContainer();
      const other = await slipway(["run", "-e", "A=two", "--keep-warm", "0"]);
      assert.deepEqual([other.code, other.stdout], [3, "two\n"], other.stderr);
      assert.match(other.stderr, /a new container: .*A/);
      const second = await onlyContainer();
      assert.notEqual(second.id, first.id);
      const discarded = await slipway(["discard"]);
      assert.deepEqual([discarded.code, discarded.stdout], [0, `${second.name}\n`], discarded.stderr);
      assert.deepEqual(await workspace.containers(engine), []);
      assert.equal((await slipway(["discard"])).code, 125);
      await slipway(["run", "--", "touch", "/made/here"]);
      assert.equal((await slipway(["run", "--", "test", "-e", "/made/here"])).code, 0);
      assert.equal((await slipway(["run", "--fresh", "--", "test", "-e", "/made/here"])).code, 1);
      assert.equal((await slipway(["run", "--rm", "--", "true"])).code, 0);
      assert.deepEqual(await workspace.containers(engine), []);
    });

    it("shows, stops and starts containers, and cleans up", async () => {
      await start({});
      await slipway(["run", "--", "true"]);
      const { name: container } = await onlyContainer();
      const inspected = JSON.parse((await slipway(["inspect", container, "--json"])).stdout) as {
        readonly name: string;
      };
      assert.equal(inspected.name, container);
      assert.match(
        (await slipway(["stats", "--json"])).stdout,
        new RegExp(`^{"id":"\\w+","name":"${container}",.*}\n$`),
      );
      assert.equal((await slipway(["stop", container, "--time", "1"])).stdout, `${container}\n`);
      assert.equal((await onlyContainer()).state, "exited");
      assert.equal((await slipway(["start", container])).code, 0);
      assert.equal((await slipway(["restart", container, "--time", "0"])).code, 0);
      assert.equal((await onlyContainer()).state, "running");
      await slipway(["stop", container]);
      const kept = await slipway(["gc"]);
      assert.match(kept.stdout, new RegExp(`^kept .*${container}`, "m"));
      const gone = await slipway(["gc", "--all"]);
      assert.match(gone.stdout, new RegExp(`^removed .*${container}`, "m"));
      assert.deepEqual(await workspace.containers(engine), []);
    });

    it("prints the logs of what ran as a container's own program", async () => {
      workspace = await TestWorkspace.create({
        Dockerfile: 'FROM busybox\nCMD ["sh", "-c", "echo one; echo oops >&2; echo two"]\n',
      });
      await slipway(["run", "--keep"]);
      const { name: container } = await onlyContainer();
      // Which of the two streams' last lines came last, is the engine's guess.
      const last = await slipway(["logs", container, "--tail", "1"]);
      assert.match(last.stdout + last.stderr, /^(?:two|oops)\n$/);
      const { stdout, stderr } = await slipway(["logs", container]);
      assert.deepEqual([stdout, stderr], ["one\ntwo\n", "oops\n"]);
    });

    it("stops a step that takes too long", async () => {
      const sleep = seconds();
      await start({ tasks: { long: { steps: [{ command: ["sleep", sleep], timeout: "1s" }, ["true"]] } } });
      const { code, stderr } = await slipway(["run"]);
      assert.equal(code, 124, stderr);
      assert.match(stderr, /stopped: it took longer than 1\.0 s/);
      assert.deepEqual(processesWith(`sleep\0${sleep}`), []);
    });

    it("runs in a terminal with what is typed, and restores it", async () => {
      await start({});
      const command = [process.execPath, BUILT_CLI, "run", "-i", "--engine", address, "--", "sh", "-c"];
      // Engines give a terminal its size once the program runs.
      const sized = `until [ "$(stty size)" = "33 101" ]; do sleep 0.1; done; echo sized`;
      const inner = `${sized}; read line; echo "got $line"; exit 5`;
      const quoted = [...command, inner].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
      // script(1) gives its program a terminal.
      const child = spawn("script", ["-qec", `stty rows 33 cols 101; ${quoted}; echo code $?; stty -a`, "/dev/null"], {
        cwd: workspace.folder,
        env: { ...process.env, ...environment() },
        stdio: ["pipe", "pipe", "inherit"],
      });
      let seen = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        seen += text;
        if (/^sized/m.test(seen) && child.stdin.writable) {
          child.stdin.end("typed\n");
        }
      });
      await new Promise((resolve) => child.once("close", resolve));
      assert.match(seen, /^sized[\s\S]*^got typed[\s\S]*^code 5/m);
      assert.match(seen, / icanon/);
    });

    it("ends by itself after its time also when whoever used it was killed", async () => {
      const sleep = seconds();
      await start({});
      const killed = await slipway(["run", "--keep-warm", "2s", "--", "sh", "-c", `echo up; sleep ${sleep}`], {
        onOutput: (text, child) => {
          if (/^up$/m.test(text)) {
            child.kill("SIGKILL");
          }
        },
      });
      assert.equal(killed.code, "SIGKILL");
      await until(async () => Promise.resolve(processesWith(`sleep\0${sleep}`).length > 0));
      const tidied = await slipway(["gc"]);
      assert.match(tidied.stdout, /^tidied up .*slipway-/m);
      assert.deepEqual(processesWith(`sleep\0${sleep}`), []);
      await slipway(["run", "--keep-warm", "2s", "--", "true"]);
      await until(async () => (await onlyContainer()).state === "exited");
    });
  });
}
