import assert from "node:assert/strict";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import { EngineLostError } from "../errors/engineErrors";
import { containerLabels, LABEL } from "../labels";
import type { ListContainersOptions } from "../ports/ContainerEngine";
import type { ContainerEvent, ContainerSummary } from "../ports/ContainerTypes";
import { workspaceOf } from "../Workspace";
import { ContainerList } from "./ContainerList";
import { ContainerManager } from "./ContainerManager";

/** Counts what is asked for. */
class CountingEngine extends FakeContainerEngine {
  readonly asked: (readonly string[] | undefined)[] = [];
  broken = false;

  override async listContainers(options: ListContainersOptions): Promise<readonly ContainerSummary[]> {
    this.asked.push(options.ids);
    return this.broken
      ? Promise.reject(new EngineLostError("unix:///x", "listing containers"))
      : super.listContainers(options);
  }
}

describe("ContainerList", () => {
  const workspace = workspaceOf("/somewhere/app");
  const labels = containerLabels(workspace);
  let engine: CountingEngine;
  let list: ContainerList;

  beforeEach(() => {
    engine = new CountingEngine({ images: ["busybox"] });
    list = new ContainerList(new ContainerManager(engine, workspace));
  });

  const create = async (name: string): Promise<string> =>
    engine.createContainer({
      image: "busybox",
      name,
      command: ["true"],
      workingDirectory: undefined,
      env: {},
      labels: { ...labels, [LABEL.name]: name },
      mounts: [],
      ports: [],
    });
  const event = (id: string, action: ContainerEvent["action"]): ContainerEvent => ({
    kind: "container",
    id,
    action,
    labels,
  });
  const ids = (): readonly string[] => list.current.map(({ id }) => id).sort();

  it("reads everything once, and then nothing until something happens", async () => {
    const id = await create("one");
    await list.update();
    await list.update();
    assert.deepEqual(ids(), [id]);
    assert.deepEqual(engine.asked, [undefined]);
  });

  it("reads only what the events are about", async () => {
    const one = await create("one");
    await list.update();
    const two = await create("two");
    list.note(event(two, "create"));
    await list.update();
    assert.deepEqual(ids(), [one, two].sort());
    await engine.removeContainer(one);
    list.note(event(one, "destroy"));
    list.note(event(two, "start"));
    list.note(event(two, "die"));
    await list.update();
    assert.deepEqual(ids(), [two]);
    assert.deepEqual(engine.asked, [undefined, [two], [one, two]]);
  });

  it("passes over other workspaces' containers", async () => {
    await list.update();
    list.note({ ...event("x", "create"), labels: containerLabels(workspaceOf("/elsewhere")) });
    list.note({ kind: "image", action: "removed", reference: "busybox" });
    await list.update();
    assert.equal(engine.asked.length, 1);
  });

  it("reads everything again when events may have been missed", async () => {
    await list.update();
    const id = await create("one");
    list.note({ kind: "listening" });
    await list.update();
    assert.deepEqual(ids(), [id]);
    list.invalidate();
    await list.update();
    assert.deepEqual(engine.asked, [undefined, undefined, undefined]);
  });

  it("keeps what it has, and what it has to read, when the engine fails", async () => {
    const one = await create("one");
    await list.update();
    const two = await create("two");
    list.note(event(two, "create"));
    engine.broken = true;
    await assert.rejects(list.update(), EngineLostError);
    assert.deepEqual(ids(), [one]);
    engine.broken = false;
    await list.update();
    assert.deepEqual(ids(), [one, two].sort());
  });

  it("misses nothing that happens while it reads, and asks once for several who want it", async () => {
    const one = await create("one");
    const first = list.update();
    const second = list.update();
    const two = await create("two");
    list.note(event(two, "create"));
    // Each of them alone has waited for all of it.
    await second;
    assert.deepEqual(ids(), [one, two].sort());
    await first;
    assert.ok(engine.asked.length <= 2);
  });

  it("tells each of several that it cannot be read", async () => {
    engine.broken = true;
    const both = [list.update(), list.update()];
    const results = await Promise.allSettled(both);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "rejected"],
    );
  });
});
