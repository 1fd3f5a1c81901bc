import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conformancePrograms } from "../../../test/conformance/conformancePrograms";
import { WAITS_SECONDS } from "../../../test/conformance/programs/buildPrograms";
import { readWorkspaceConfiguration } from "../config/readWorkspaceConfiguration";
import { UnknownTaskError } from "../errors/configurationErrors";
import { RemoteBindError } from "../errors/containerErrors";
import { ImageNotFoundError } from "../errors/imageErrors";
import { warmPrograms } from "../../../test/fake/warmPrograms";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import { buildAndRun, buildImage, type BuildAndRunOptions } from "./buildAndRun";
import type { JobEvent } from "./JobEvent";

describe("buildAndRun", () => {
  let folder: string;
  let cacheFolder: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-job-")));
    cacheFolder = `${folder}-cache`;
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(cacheFolder, { recursive: true, force: true });
  });

  const optionsFor = async (
    engine: FakeContainerEngine,
    overrides: Partial<BuildAndRunOptions> = {},
  ): Promise<BuildAndRunOptions> => ({
    engine,
    configuration: await readWorkspaceConfiguration({ folder }),
    cacheFolder,
    command: { kind: "command", command: ["true"] },
    session: "session",
    keep: false,
    ...overrides,
  });
  const newEngine = (images: readonly string[] = ["busybox"]): FakeContainerEngine =>
    new FakeContainerEngine({
      ...{ images, registry: ["node:20"] },
      programs: { ...conformancePrograms, ...warmPrograms(600_000) },
    });
  const collect = async (events: AsyncIterable<JobEvent>): Promise<readonly JobEvent[]> => {
    const collected: JobEvent[] = [];
    for await (const event of events) {
      collected.push(event);
    }
    return collected;
  };
  const summaryOf = (events: readonly JobEvent[]): JobEvent & { readonly type: "summary" } => {
    const last = events.at(-1);
    assert.equal(last?.type, "summary");
    return last;
  };

  it("builds, runs, and sums up with the duration of each part", async () => {
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\n");
    const engine = newEngine();
    const first = summaryOf(await collect(buildAndRun(await optionsFor(engine))));
    assert.deepEqual([first.wasBuilt, first.exitCode], [true, 0]);
    assert.deepEqual(
      first.phases.map(({ phase }) => phase),
      ["check", "build", "start", "run"],
    );
    const second = summaryOf(await collect(buildAndRun(await optionsFor(engine))));
    assert.equal(second.wasBuilt, false);
    assert.deepEqual(
      second.phases.map(({ phase }) => phase),
      ["check", "start", "run"],
    );
  });

  it("pulls the default image where the folder says nothing", async () => {
    const engine = newEngine([]);
    const events = await collect(buildAndRun(await optionsFor(engine)));
    assert.equal(summaryOf(events).reason, "node:20 was pulled");
    assert.ok(engine.calls.includes("pullImage"));
    assert.equal(
      summaryOf(await collect(buildAndRun(await optionsFor(engine)))).reason,
      "there is no Dockerfile and no slipway.json here: the default image node:20 is used",
    );
  });

  it("says when a ready-made image is nowhere", async () => {
    await writeFile(join(folder, "slipway.json"), '{ "image": "no/such:1" }');
    await assert.rejects(collect(buildAndRun(await optionsFor(newEngine()))), ImageNotFoundError);
  });

  it("runs a task of slipway.json, and says which there are when there is no such one", async () => {
    await writeFile(join(folder, "slipway.json"), '{ "image": "busybox", "tasks": { "ok": { "command": ["true"] } } }');
    const engine = newEngine();
    const known = await optionsFor(engine, { command: { kind: "task", name: "ok" } });
    assert.equal(summaryOf(await collect(buildAndRun(known))).exitCode, 0);
    const unknown = await optionsFor(engine, { command: { kind: "task", name: "no" } });
    await assert.rejects(collect(buildAndRun(unknown)), (error: unknown) => {
      assert.ok(error instanceof UnknownTaskError);
      assert.deepEqual(error.available, ["ok"]);
      return true;
    });
  });

  describe("on an engine of another machine", () => {
    const remote = (): FakeContainerEngine =>
      Object.assign(newEngine(), {
        endpoint: { address: { kind: "tcp", host: "build.example.com", port: 2375 }, source: "test" },
      });

    it("refuses to mount the workspace, before anything is done", async () => {
      await writeFile(join(folder, "slipway.json"), '{ "image": "busybox", "run": { "workspace": "bind" } }');
      const engine = remote();
      await assert.rejects(collect(buildAndRun(await optionsFor(engine))), RemoteBindError);
      assert.deepEqual(engine.calls, []);
    });

    it("copies the workspace where nothing is said, for the image's own command, too", async () => {
      await writeFile(join(folder, "Dockerfile"), 'FROM busybox\nCMD ["true"]\n');
      for (const command of [{ kind: "command", command: ["true"] }, { kind: "image" }] as const) {
        const engine = remote();
        const events = await collect(buildAndRun(await optionsFor(engine, { command, keep: true })));
        assert.equal(summaryOf(events).exitCode, 0);
        const [container] = await engine.listContainers({ labels: {} });
        assert.ok(await engine.statPath(container?.id ?? "", "/workspace/Dockerfile"));
      }
    });
  });

  it("ends the build when the loop is left", async () => {
    await writeFile(join(folder, "Dockerfile"), `FROM busybox\nRUN echo waiting && sleep ${WAITS_SECONDS}\n`);
    const engine = newEngine();
    for await (const event of buildImage(await optionsFor(engine))) {
      if (event.type === "build" && event.event.type === "step") {
        break;
      }
    }
    assert.deepEqual(await engine.listImages({ labels: {} }).then((images) => images.length), 1);
  });
});
