import assert from "node:assert/strict";
import { conformancePrograms, PROGRAM } from "../../../test/conformance/conformancePrograms";
import { LABEL, workspaceLabels } from "../labels";
import { currentOwner, formatOwner } from "../owner";
import { FakeContainerEngine } from "../ports/FakeContainerEngine";
import { workspaceOf } from "../Workspace";
import { ContainerManager } from "./ContainerManager";

describe("ContainerManager", () => {
  const workspace = workspaceOf("/somewhere/app");
  const alive = formatOwner(currentOwner());
  const dead = formatOwner({ ...currentOwner(), boot: "another boot" });
  let engine: FakeContainerEngine;
  let manager: ContainerManager;

  beforeEach(() => {
    engine = new FakeContainerEngine({ images: ["busybox"], programs: conformancePrograms });
    manager = new ContainerManager(engine, workspace);
  });

  const create = async (options: {
    readonly owner?: string;
    readonly task?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly state: "created" | "running" | "exited";
  }): Promise<string> => {
    const id = await engine.createContainer({
      image: "busybox",
      name: `c${String(engine.calls.length)}`,
      command: options.state === "running" ? PROGRAM.trap : PROGRAM.ok,
      workingDirectory: undefined,
      env: {},
      labels: options.labels ?? {
        ...workspaceLabels(workspace),
        [LABEL.kind]: "task",
        [LABEL.owner]: options.owner ?? alive,
        ...(options.task === undefined ? {} : { [LABEL.task]: options.task }),
      },
      mounts: [],
      ports: [],
    });
    if (options.state !== "created") {
      await engine.startContainer(id);
    }
    if (options.state === "exited") {
      await engine.waitForExit(id);
    }
    return id;
  };
  const left = async (): Promise<readonly string[]> =>
    (await engine.listContainers({ labels: {} })).map(({ id }) => id);

  it("removes what a dead process left, in whatever state", async () => {
    await create({ owner: dead, task: "other", state: "running" });
    await create({ owner: dead, task: "other", state: "created" });
    assert.equal((await manager.removeLeftovers("test")).length, 2);
    assert.deepEqual(await left(), []);
  });

  it("removes the stopped container of the same task, and no other", async () => {
    await create({ task: "test", state: "exited" });
    const other = await create({ task: "other", state: "exited" });
    const running = await create({ task: "test", state: "running" });
    await manager.removeLeftovers("test");
    assert.deepEqual((await left()).toSorted(), [other, running].toSorted());
  });

  it("leaves alone what lives, what is unknown and what is not Slipway's", async () => {
    const ids = [
      await create({ state: "running" }),
      await create({ state: "created", task: "test" }),
      await create({ owner: "of another format", state: "running" }),
      await create({ labels: {}, state: "exited" }),
      await create({
        labels: { [LABEL.workspace]: "another", [LABEL.kind]: "task", [LABEL.owner]: dead },
        state: "running",
      }),
    ];
    assert.deepEqual(await manager.removeLeftovers("test"), []);
    assert.deepEqual((await left()).toSorted(), ids.toSorted());
  });

  it("gives logs as text", async () => {
    const id = await create({ state: "running" });
    await manager.stop(id);
    const texts: string[] = [];
    for await (const { text } of manager.logs(id, { follow: false })) {
      texts.push(text);
    }
    assert.equal(texts.join(""), "ready\nbye\n");
  });
});
