import assert from "node:assert/strict";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import type { FakeProgram } from "../../../test/fake/FakeProgram";
import { warmPrograms } from "../../../test/fake/warmPrograms";
import { ContainerManager } from "../container/ContainerManager";
import { readWorkspaceConfiguration } from "../config/readWorkspaceConfiguration";
import { ContainerNotFoundError } from "../errors/containerErrors";
import { NoFailedRunError } from "../errors/jobErrors";
import { CopyOutError } from "../errors/transferErrors";
import { FailedRuns } from "../task/FailedRuns";
import { workspaceOf } from "../Workspace";
import { buildAndRun, type BuildAndRunOptions } from "./buildAndRun";
import { discardFailedRun } from "./discardFailedRun";
import type { JobEvent } from "./JobEvent";
import { openShell } from "./openShell";

const TEN_MINUTES = 600_000;

describe("A task in the warm container", () => {
  let folder: string;
  let cacheFolder: string;
  let engine: FakeContainerEngine;
  /** The commands that have run, in order. */
  let ran: string[];
  /** Exit codes by command; those that are not there succeed. */
  let codes: Record<string, number>;

  const step = (name: string): FakeProgram => {
    return ({ files, write }) => {
      ran.push(name);
      files.write("/made.txt", name);
      write("stdout", `${name}\n`);
      return codes[name] ?? 0;
    };
  };

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-job-")));
    cacheFolder = await mkdtemp(join(tmpdir(), "slipway-cache-"));
    ran = [];
    codes = {};
    const programs = Object.fromEntries(
      ["prepare", "more", "one", "two", "three"].map((name) => [JSON.stringify([name]), step(name)]),
    );
    engine = new FakeContainerEngine({
      images: ["busybox"],
      programs: { ...warmPrograms(TEN_MINUTES, 0), ...programs },
    });
    await configure({});
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(cacheFolder, { recursive: true, force: true });
  });

  const configure = async (file: object): Promise<void> => {
    const tasks = {
      test: { steps: [["one"], ["two"], ["three"]], copyOut: [{ source: "/made.txt", target: "out/" }] },
    };
    const whole = { image: "busybox", tasks, ...file };
    await writeFile(join(folder, "slipway.json"), JSON.stringify(whole));
  };
  const optionsOf = async (options: Partial<BuildAndRunOptions>): Promise<BuildAndRunOptions> => ({
    engine,
    configuration: await readWorkspaceConfiguration({ folder }),
    ...{ cacheFolder, session: "session", keep: false },
    command: { kind: "task", name: "test" },
    ...options,
  });
  const collect = async (events: AsyncIterable<JobEvent>): Promise<readonly JobEvent[]> => {
    const collected: JobEvent[] = [];
    for await (const event of events) {
      collected.push(event);
    }
    return collected;
  };
  const run = async (options: Partial<BuildAndRunOptions> = {}): Promise<readonly JobEvent[]> =>
    collect(buildAndRun(await optionsOf(options)));
  const ofType = <T extends JobEvent["type"]>(events: readonly JobEvent[], type: T) =>
    events.filter((event): event is Extract<JobEvent, { readonly type: T }> => event.type === type);
  const summaryOf = (events: readonly JobEvent[]) => {
    const [summary] = ofType(events.slice(-1), "summary");
    assert.ok(summary);
    return summary;
  };
  const stepsOf = (events: readonly JobEvent[]): readonly string[] =>
    ofType(events, "step-ended").map(({ step: { name }, result }) =>
      result.status === "skipped" ? `${name} skipped: ${result.why}` : `${name} ${result.status}`,
    );
  const warningsOf = (events: readonly JobEvent[]): readonly string[] =>
    ofType(events, "warning").map(({ message }) => message);
  const containers = async (): Promise<readonly string[]> =>
    (await engine.listContainers({ labels: {} })).map(({ id }) => id);
  const failedRun = async () => new FailedRuns(cacheFolder, workspaceOf(folder)).read("test");

  it("runs its steps in order, copies out, and sums up; the next run finds the container as it is", async () => {
    const first = await run();
    assert.deepEqual(
      first.map(({ type }) => type).filter((type) => type !== "output"),
      [
        ...["decision", "image", "container"],
        ...["one", "two", "three"].flatMap(() => ["step-started", "step-ended"]),
        ...["transfer", "exit", "summary"],
      ],
    );
    assert.deepEqual(ran, ["one", "two", "three"]);
    assert.equal(await readFile(join(folder, "out", "made.txt"), "utf8"), "three");
    const { exitCode, phases } = summaryOf(first);
    assert.equal(exitCode, 0);
    assert.deepEqual(
      phases.map(({ phase }) => phase),
      ["check", "start", "run", "copy-out"],
    );
    const second = await run();
    assert.equal(ofType(second, "container")[0]?.reused, true);
    assert.equal(ofType(second, "container")[0]?.id, ofType(first, "container")[0]?.id);
  });

  it("asks the engine for nothing twice when the container is there", async () => {
    const tasks = { test: { command: ["one"] } };
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\n");
    for (const [file, calls] of [
      [{ image: "busybox", tasks }, ["inspectImage"]],
      // Of the base image, of the image itself.
      [{ build: {}, tasks }, ["inspectImage", "inspectImage"]],
    ] as const) {
      await writeFile(join(folder, "slipway.json"), JSON.stringify(file));
      await run();
      engine.calls.length = 0;
      await run();
      // What the engine is, the way to it remembers.
      assert.deepEqual(
        engine.calls.filter((call) => call !== "info"),
        [...calls, "inspectContainer", "exec"],
      );
    }
  });

  it("tells those who listen to the workspace's containers", async () => {
    codes["two"] = 3;
    const told: string[] = [];
    const manager = new ContainerManager(engine, workspaceOf(folder));
    manager.onEvent((event) => {
      const step = event.type === "task:step" ? ` ${event.step.name} ${event.result?.status ?? "started"}` : "";
      told.push(`${event.type}${step}${event.type === "task:ended" ? ` ${String(event.exitCode)}` : ""}`);
    });
    await run({ manager });
    assert.deepEqual(told, [
      "task:started",
      ...["task:step one started", "task:step one succeeded"],
      ...["task:step two started", "task:step two failed", "task:step three skipped"],
      "task:ended 3",
    ]);
  });

  it("tells the configuration's warnings first", async () => {
    const options = await optionsOf({});
    const configuration = { ...options.configuration, warnings: ["features are not applied"] };
    const [first] = await collect(buildAndRun({ ...options, configuration }));
    assert.deepEqual(first, { type: "warning", message: "features are not applied" });
  });

  describe("that has to be set up", () => {
    beforeEach(async () => {
      await configure({ setup: [["prepare"], { command: ["more"], inputs: ["lock"] }] });
      await writeFile(join(folder, "lock"), "1");
    });

    it("sets it up once, and again when an input has changed or the container is another one", async () => {
      const first = await run();
      assert.deepEqual(ran, ["prepare", "more", "one", "two", "three"]);
      assert.ok(summaryOf(first).phases.some(({ phase }) => phase === "setup"));
      assert.deepEqual(stepsOf(await run()).slice(0, 2), ["prepare skipped: inputs", "more skipped: inputs"]);
      await writeFile(join(folder, "lock"), "2");
      assert.deepEqual(stepsOf(await run()).slice(0, 2), ["prepare succeeded", "more succeeded"]);
      assert.deepEqual(stepsOf(await run({ fresh: true })).slice(0, 2), ["prepare succeeded", "more succeeded"]);
      assert.equal((await containers()).length, 1);
    });

    it("ends with a set-up that fails, and goes on there when it is tried again", async () => {
      codes["more"] = 4;
      const failed = await run();
      assert.equal(summaryOf(failed).exitCode, 4);
      assert.deepEqual(ofType(failed, "kept")[0]?.step?.part, "setup");
      assert.deepEqual(ran, ["prepare", "more"]);
      ran = [];
      codes = {};
      assert.deepEqual(stepsOf(await run({ retry: true })).slice(0, 2), ["prepare skipped: done", "more succeeded"]);
      assert.deepEqual(ran, ["more", "one", "two", "three"]);
      assert.equal(await failedRun(), undefined);
    });

    it("does it all again in a run that is no retry", async () => {
      codes["more"] = 4;
      await run();
      codes = {};
      ran = [];
      await run();
      assert.deepEqual(ran, ["prepare", "more", "one", "two", "three"]);
    });
  });

  describe("that fails", () => {
    beforeEach(() => {
      codes["two"] = 3;
    });

    it("keeps the container and what was done, and goes on from there", async () => {
      const failed = await run();
      assert.deepEqual(stepsOf(failed), ["one succeeded", "two failed", "three skipped: earlier"]);
      assert.deepEqual([summaryOf(failed).exitCode, ofType(failed, "exit")[0]?.code], [3, 3]);
      assert.equal(ofType(failed, "kept")[0]?.step?.name, "two");
      assert.equal((await failedRun())?.step, "two");
      // Nothing is copied out of a failed run unless that is asked for.
      assert.deepEqual(ofType(failed, "transfer"), []);
      codes = {};
      const again = await run({ retry: true });
      assert.deepEqual(stepsOf(again), ["one skipped: done", "two succeeded", "three succeeded"]);
      assert.deepEqual([await failedRun(), warningsOf(again)], [undefined, []]);
    });

    it("copies out what is asked for on failure; what is not there is a warning then", async () => {
      const copyOut = [
        { source: "/made.txt", target: "out/", onFailure: true },
        { source: "/no-such", target: "x", onFailure: true },
        // A file is in the way.
        { source: "/made.txt", target: "slipway.json/made.txt", onFailure: true },
      ];
      await configure({ tasks: { test: { steps: [["one"], ["two"]], copyOut } } });
      const failed = await run();
      assert.equal(ofType(failed, "transfer").length, 1);
      assert.match(warningsOf(failed).join(), /no-such.*slipway\.json/s);
      assert.equal(summaryOf(failed).exitCode, 3);
    });

    it("runs all steps again where there is nothing to go on with, and says why", async () => {
      assert.match(warningsOf(await run({ retry: true })).join(), /There is no failed run of test/);
      await configure({ run: { env: { A: "1" } } });
      ran = [];
      const again = await run({ retry: true });
      assert.match(warningsOf(again).join(), /^All steps of test run again: .*env/);
      assert.deepEqual(ran, ["one", "two"]);
    });

    it("runs those steps again that are others now", async () => {
      await run();
      await configure({ tasks: { test: { steps: [["three"], ["two"]] } } });
      ran = [];
      await run({ retry: true });
      assert.deepEqual(ran, ["three", "two"]);
    });

    it("stays also where containers are not kept warm, until it is discarded or has succeeded", async () => {
      await configure({ run: { keepWarm: 0 } });
      const failed = await run();
      assert.deepEqual(await containers(), [ofType(failed, "container")[0]?.id]);
      const options = { engine, workspace: workspaceOf(folder), cacheFolder };
      const { run: discarded, problems } = await discardFailedRun({ ...options, task: undefined });
      assert.deepEqual([discarded.step, problems], ["two", []]);
      assert.deepEqual([await containers(), await failedRun()], [[], undefined]);
      await assert.rejects(discardFailedRun({ ...options, task: "test" }), NoFailedRunError);
      await run();
      codes = {};
      await run({ retry: true });
      assert.deepEqual(await containers(), []);
    });

    it("leaves nothing where the container is to be removed in any case", async () => {
      const failed = await run({ remove: true });
      assert.equal(summaryOf(failed).exitCode, 3);
      assert.deepEqual([await containers(), await failedRun(), ofType(failed, "kept")], [[], undefined, []]);
    });

    it("is forgotten by a run that is no retry, whatever comes of that", async () => {
      await run();
      for await (const event of buildAndRun(await optionsOf({}))) {
        if (event.type === "step-started") {
          break;
        }
      }
      assert.equal(await failedRun(), undefined);
    });

    it("is looked at in the very container, whatever would be used by now", async () => {
      const failed = await run();
      await configure({ run: { env: { A: "1" } } });
      const command = { kind: "shell", task: undefined, command: ["one"] } as const;
      const shell = await collect(openShell({ ...(await optionsOf({})), command }));
      assert.equal(ofType(shell, "container")[0]?.id, ofType(failed, "container")[0]?.id);
      assert.ok(!engine.calls.slice(-3).includes("createContainer"));
      assert.equal(ofType(shell, "exit")[0]?.code, 0);
    });
  });

  it("goes with the run where containers are not kept warm, unless it is to be kept", async () => {
    await configure({ run: { keepWarm: 0 } });
    await run();
    assert.deepEqual(await containers(), []);
    await run({ keep: true });
    assert.equal((await containers()).length, 1);
    await run();
    assert.deepEqual(await containers(), []);
  });

  it("stops at a pause when it is told to, and can be gone on with", async () => {
    await configure({ tasks: { test: { steps: [["one"], { command: ["two"], pause: true }] } } });
    const stopped = await run({ pause: async () => Promise.resolve("stop") });
    assert.deepEqual([summaryOf(stopped).exitCode, ran], [undefined, ["one"]]);
    assert.equal(ofType(stopped, "kept")[0]?.step?.name, "two");
    assert.deepEqual(stepsOf(await run({ retry: true })), ["one skipped: done", "two succeeded"]);
  });

  it("fails when what is to be copied out is not there, and keeps the container", async () => {
    await configure({
      run: { keepWarm: 0 },
      tasks: { test: { steps: [["one"]], copyOut: [{ source: "/no-such", target: "x" }] } },
    });
    const seen: JobEvent[] = [];
    await assert.rejects(async () => {
      for await (const event of buildAndRun(await optionsOf({}))) {
        seen.push(event);
      }
    }, CopyOutError);
    assert.equal(ofType(seen, "kept").length, 1);
    assert.equal((await containers()).length, 1);
  });

  it("opens a shell in the warm container, made and set up for it where none is there", async () => {
    await configure({ setup: [["prepare"]] });
    const command = { kind: "shell", task: "test", command: ["one"] } as const;
    const events = await collect(openShell({ ...(await optionsOf({})), command }));
    assert.deepEqual(ran, ["prepare", "one"]);
    assert.equal(summaryOf(events).exitCode, 0);
  });

  it("opens a shell in a container that has ended by itself; it goes only when the shell has ended", async () => {
    codes["one"] = 1;
    const [container] = ofType(await run(), "container");
    assert.ok(container);
    await engine.stopContainer(container.id, { graceSeconds: 0 });
    const command = { kind: "shell", task: undefined, command: ["two"] } as const;
    const options = { ...(await optionsOf({})), command, container: container.name };
    for await (const event of openShell(options)) {
      if (event.type === "step-started") {
        await discardFailedRun({ engine, workspace: workspaceOf(folder), cacheFolder, task: "test" });
        assert.deepEqual(await containers(), [container.id]);
      }
    }
    assert.deepEqual([ran, await containers()], [["one", "two"], []]);
    await assert.rejects(collect(openShell(options)), ContainerNotFoundError);
  });

  it("puts the workspace's files and the task's into a container that does not mount them", async () => {
    await writeFile(join(folder, "given.txt"), "given");
    await configure({
      run: { workspace: "copy" },
      tasks: { test: { steps: [["one"]], copyIn: [{ source: "given.txt", target: "/put/" }] } },
    });
    const events = await run();
    assert.deepEqual(
      ofType(events, "transfer").map(({ direction }) => direction),
      ["sync", "in"],
    );
    assert.ok(summaryOf(events).phases.some(({ phase }) => phase === "copy-in"));
    const [id = ""] = await containers();
    assert.equal((await engine.statPath(id, "/put/given.txt"))?.sizeBytes, 5);
    assert.equal((await engine.statPath(id, "/workspace/given.txt"))?.sizeBytes, 5);
  });
});
