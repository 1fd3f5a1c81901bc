import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { conformancePrograms } from "../../../test/conformance/conformancePrograms";
import { BASIC } from "../../../test/conformance/programs/basicPrograms";
import { containerLabels, imageLabels, LABEL } from "../labels";
import { currentOwner, formatOwner } from "../owner";
import {
  ContainerNameInUseError,
  ContainerNotFoundError,
  ContainerNotRunningError,
  ForeignContainerError,
} from "../errors/containerErrors";
import { useContainer } from "../task/containersInUse";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import { workspaceOf } from "../Workspace";
import { ContainerManager } from "./ContainerManager";
import type { ManagerEvent } from "./ManagerEvent";

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
        [LABEL.kind]: "task",
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

  describe("createContainer", () => {
    const RUN = { workspaceFolder: "/workspace", env: {}, ports: [] } as const;
    const image = { kind: "image", reference: "busybox" } as const;
    let events: ManagerEvent[];

    beforeEach(() => {
      events = [];
      manager.onEvent((event) => events.push(event));
    });
    const told = (): readonly string[] => events.map(({ type }) => type).filter((type) => type !== "image:progress");

    it("makes one of a ready-made image, which stays when runs clean up", async () => {
      const created = await manager.createContainer({
        image,
        run: { ...RUN, env: { A: "1" } },
        command: BASIC.ok.argv,
      });
      assert.deepEqual([created.resolution.wasBuilt, created.resolution.reference], [false, "busybox"]);
      assert.match(created.name, /^slipway-app-[0-9a-f]{8}$/);
      const details = await manager.inspect(created.id);
      assert.deepEqual([details.state, details.env.includes("A=1")], ["created", true]);
      assert.equal((await manager.get(created.name)).id, created.id);
      await manager.removeLeftovers(undefined);
      assert.deepEqual(await left(), [created.id]);
      assert.deepEqual(told(), ["image:cached", "container:created"]);
    });

    it("pulls the default image where none is named", async () => {
      engine = new FakeContainerEngine({ registry: ["node:20"] });
      manager = new ContainerManager(engine, workspace);
      assert.equal((await manager.createContainer({ run: RUN })).resolution.reference, "node:20");
    });

    it("refuses a name that another one has", async () => {
      const { name } = await manager.createContainer({ image, run: RUN });
      await assert.rejects(manager.createContainer({ image, run: RUN, name }), ContainerNameInUseError);
    });

    it("tells what is done to it, and nothing where nothing is", async () => {
      const { id, name } = await manager.createContainer({ image, run: RUN, command: BASIC.trap.argv });
      await manager.start(id);
      await manager.start(name);
      await manager.restart(id);
      await manager.stop(id);
      await manager.stop(id);
      await manager.remove(name);
      await manager.remove(name);
      assert.deepEqual(told().slice(2), [
        ...["container:started", "container:stopped", "container:started", "container:stopped", "container:removed"],
      ]);
      const last = events.at(-1);
      assert.ok(last?.type === "container:removed");
      assert.deepEqual(last.container, { id, name });
    });

    it("passes on what a job tells", () => {
      manager.tell({ type: "task:ended", task: "test", exitCode: 3 });
      assert.deepEqual(events, [{ type: "task:ended", task: "test", exitCode: 3 }]);
    });
  });

  describe("a container that is not the workspace's", () => {
    const calls: readonly ((id: string) => Promise<unknown>)[] = [
      async (id) => manager.get(id),
      async (id) => manager.inspect(id),
      async (id) => manager.start(id),
      async (id) => manager.stop(id),
      async (id) => manager.restart(id),
      async (id) => manager.exec(id, { command: BASIC.ok.argv }),
      async (id) => manager.attach(id),
      async (id) => manager.logs(id, { follow: false }).next(),
      async (id) => manager.stats(id).next(),
      async (id) => manager.copyFrom(id, "/").next(),
      async (id) => manager.copyTo(id, "/", manager.copyFrom(id, "/")),
      async (id) => manager.statPath(id, "/"),
    ];

    it("is left alone by every call", async () => {
      const other = new ContainerManager(engine, workspaceOf("/somewhere/else"));
      const run = { workspaceFolder: "/workspace", env: {}, ports: [] };
      const { id } = await other.createContainer({ image: { kind: "image", reference: "busybox" }, run });
      const before = engine.calls.length;
      for (const call of [...calls, async (foreign: string) => manager.remove(foreign)]) {
        await assert.rejects(call(id), ForeignContainerError);
      }
      assert.deepEqual([...new Set(engine.calls.slice(before))], ["inspectContainer"]);
      assert.deepEqual(await left(), [id]);
    });

    it("is not found where there is none", async () => {
      for (const call of calls) {
        await assert.rejects(call("missing"), ContainerNotFoundError);
      }
    });
  });

  it("runs programs in a container, and attaches to its own", async () => {
    const id = await create({ state: "running" });
    const program = await manager.exec(id, { command: BASIC.ok.argv });
    assert.equal(await program.exitCode(), 0);
    program.close();
    (await manager.attach(id)).close();
    await manager.stop(id);
    await assert.rejects(manager.exec(id, { command: BASIC.ok.argv }), ContainerNotRunningError);
    await assert.rejects(manager.attach(id), ContainerNotRunningError);
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
