import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { conformancePrograms } from "../../../test/conformance/conformancePrograms";
import { BASIC } from "../../../test/conformance/programs/basicPrograms";
import { containerLabels, imageLabels, LABEL } from "../labels";
import { currentOwner, formatOwner } from "../owner";
import { useContainer } from "../task/containersInUse";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
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
    readonly keep?: boolean;
    readonly labelledName?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly state: "created" | "running" | "exited";
  }): Promise<string> => {
    const name = `c${String(engine.calls.length)}`;
    const id = await engine.createContainer({
      image: "busybox",
      name,
      command: options.state === "running" ? BASIC.trap.argv : BASIC.ok.argv,
      workingDirectory: undefined,
      env: {},
      labels: options.labels ?? {
        ...containerLabels(workspace),
        [LABEL.keep]: String(options.keep ?? false),
        [LABEL.name]: options.labelledName ?? name,
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
    assert.deepEqual(await manager.removeLeftovers("test"), []);
    assert.deepEqual(await left(), []);
  });

  it("removes what this process has made and does not use any more", async () => {
    await create({ task: "other", state: "running" });
    const used = await create({ task: "other", state: "running" });
    const name = (await engine.inspectContainer(used))?.name ?? "";
    const use = useContainer(name);
    await manager.removeLeftovers("test");
    assert.deepEqual(await left(), [used]);
    use.release();
    await manager.removeLeftovers("test");
    assert.deepEqual(await left(), []);
  });

  it("removes the stopped container that was kept of the same task, and no other", async () => {
    await create({ task: "test", keep: true, state: "exited" });
    const other = await create({ task: "other", keep: true, state: "exited" });
    const deadOwners = await create({ task: "other", keep: true, owner: dead, state: "exited" });
    await manager.removeLeftovers("test");
    assert.deepEqual((await left()).toSorted(), [other, deadOwners].toSorted());
  });

  it("leaves what another living process has kept: it may be reading still", async () => {
    const id = await create({ task: "test", keep: true, owner: living(), state: "exited" });
    await manager.removeLeftovers("test");
    assert.deepEqual(await left(), [id]);
  });

  it("goes on, and says so, when one cannot be removed", async () => {
    const stuck = await create({ owner: dead, state: "exited" });
    await create({ owner: dead, state: "exited" });
    const remove = engine.removeContainer.bind(engine);
    engine.removeContainer = async (id, options) => {
      if (id === stuck) {
        throw new Error("device busy");
      }
      await remove(id, options);
    };
    const problems = await manager.removeLeftovers("test");
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /stays: device busy/);
    assert.deepEqual(await left(), [stuck]);
  });

  it("leaves one alone that was started again by hand, whoever made it", async () => {
    const id = await create({ task: "test", keep: true, owner: dead, state: "running" });
    await manager.stop(id);
    await manager.start(id);
    await manager.removeLeftovers("test");
    assert.deepEqual(await left(), [id]);
  });

  it("leaves alone what lives, what is unknown and what is not Slipway's", async () => {
    const ids = [
      await create({ owner: living(), state: "running" }),
      await create({ owner: living(), state: "created", task: "test" }),
      await create({ owner: "of another format", state: "running" }),
      await create({ labels: {}, state: "exited" }),
      await create({
        labels: { [LABEL.workspace]: "another", [LABEL.kind]: "task", [LABEL.owner]: dead },
        state: "running",
      }),
      // Made by somebody else of an image that was committed from a container of Slipway's.
      await create({ owner: dead, labelledName: "another", state: "exited" }),
      // Made by somebody else of Slipway's image, whose labels it inherits.
      await create({ labels: imageLabels(workspace, "f"), state: "exited" }),
    ];
    assert.deepEqual(await manager.removeLeftovers("test"), []);
    assert.equal((await manager.list()).length, 3);
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

/** The process that started this one. */
function living(): string {
  return formatOwner({ ...currentOwner(), pid: process.ppid, started: startOfParent() });
}

/** As owner.ts reads it: the parent lives as long as this test. */
function startOfParent(): string {
  try {
    const stat = readFileSync(`/proc/${String(process.ppid)}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
