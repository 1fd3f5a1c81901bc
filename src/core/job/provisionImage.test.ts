import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect } from "../../../test/conformance/collect";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import { warmPrograms } from "../../../test/fake/warmPrograms";
import { readWorkspaceConfiguration } from "../config/readWorkspaceConfiguration";
import { buildAndRun, buildImage } from "./buildAndRun";
import type { JobEvent } from "./JobEvent";

describe("A job whose workspace has resources", () => {
  let folder: string;
  let engine: FakeContainerEngine;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-job-")));
    await writeFile(join(folder, "tool"), "tool");
    engine = new FakeContainerEngine({
      images: ["busybox"],
      programs: { ...warmPrograms(600_000, 0), [JSON.stringify(["true"])]: () => 0 },
    });
  });
  afterEach(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  const jobOf = async (resources: readonly object[]) => {
    await writeFile(join(folder, "slipway.json"), JSON.stringify({ image: "busybox", resources }));
    return {
      ...{ engine, configuration: await readWorkspaceConfiguration({ folder }), cacheFolder: join(folder, ".cache") },
      ...{ session: "s", keep: false, command: { kind: "command", command: ["true"] } as const },
    };
  };
  const phases = (events: readonly JobEvent[]): readonly string[] =>
    events.flatMap((event) => (event.type === "summary" ? event.phases.map(({ phase }) => phase) : []));
  const RESOURCES = [{ source: "tool", target: "/opt/tool" }];

  it("runs in a container of the image that has them, built once", async () => {
    const events = await collect(buildAndRun(await jobOf(RESOURCES)));
    assert.ok(phases(events).includes("provision"));
    await collect(buildAndRun(await jobOf(RESOURCES)));
    assert.equal(engine.builds.length, 1);
    const [container, ...others] = await engine.listContainers({ labels: {} });
    assert.match(container?.image ?? "", /slipway-provision:/);
    assert.deepEqual(others, []);
    await collect(buildAndRun({ ...(await jobOf(RESOURCES)), force: true }));
    assert.equal(engine.builds.length, 2);
  });

  it("builds that image, too, when only an image is asked for", async () => {
    await collect(buildImage(await jobOf(RESOURCES)));
    assert.equal(engine.builds.length, 1);
  });

  it("has nothing to do with it where there are none", async () => {
    const events = await collect(buildAndRun(await jobOf([])));
    assert.ok(!phases(events).includes("provision"));
    assert.equal(engine.builds.length, 0);
  });
});
