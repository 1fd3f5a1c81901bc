import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect } from "../../../../test/conformance/collect";
import { FakeContainerEngine } from "../../../../test/fake/FakeContainerEngine";
import { preparedSpec } from "../../../../test/fake/preparedSpec";
import { warmPrograms } from "../../../../test/fake/warmPrograms";
import { LABEL, taskLabels, warmLabels } from "../../labels";
import { currentOwner, formatOwner } from "../../owner";
import type { ContainerState, Labels } from "../../ports/ContainerTypes";
import { useContainer } from "../../task/containersInUse";
import { workspaceOf } from "../../Workspace";
import { acquireContainer, type AcquiredContainer } from "../warm/acquireContainer";
import { ContainerMarks, warmFolder, type MarkKind } from "../warm/ContainerMarks";
import { idleLimit, keepAliveCommand } from "../warm/keepAlive";
import { reconcileContainers, type ReconcileOptions, type ReconcileOutcome } from "./reconcileContainers";

const KEEP = 60_000;
const DEAD = formatOwner({ ...currentOwner(), boot: "an earlier one" });
const OTHER = formatOwner({ ...currentOwner(), host: "elsewhere.example" });

describe("reconcileContainers", () => {
  let cache: string;
  let folder: string;
  let engine: FakeContainerEngine;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "slipway-reconcile-"));
    folder = await mkdtemp(join(tmpdir(), "slipway-workspace-"));
    engine = new FakeContainerEngine({ images: ["busybox"], programs: warmPrograms(KEEP) });
  });
  afterEach(async () => {
    await rm(cache, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });

  const create = async (name: string, labels: Labels, state: ContainerState): Promise<string> => {
    const spec = { ...preparedSpec({}).spec, name, labels, command: keepAliveCommand(idleLimit(KEEP)) };
    const id = await engine.createContainer(spec);
    if (state !== "created") {
      await engine.startContainer(id);
    }
    if (state === "exited") {
      await engine.stopContainer(id, { graceSeconds: 1 });
    }
    return id;
  };
  const labelsOf = (
    name: string,
    {
      owner = DEAD,
      keep = false,
      kind = "warm",
    }: { readonly owner?: string; readonly keep?: boolean; readonly kind?: string },
  ): Labels => {
    const common = { workspace: workspaceOf(folder), fingerprint: undefined, session: "s", keep, name };
    const labels = kind === "task" ? taskLabels({ ...common, task: "t" }) : warmLabels({ ...common, key: "k" });
    return { ...labels, [LABEL.kind]: kind, [LABEL.owner]: owner };
  };
  const reconcile = async (options: Partial<ReconcileOptions> = {}): Promise<readonly ReconcileOutcome[]> =>
    collect(reconcileContainers({ engine, cacheFolder: cache, ...options }));
  const kindOf = async (options: Partial<ReconcileOptions> = {}): Promise<string> =>
    (await reconcile(options)).map(({ kind }) => kind).join();
  const mark = async (name: string, kind: MarkKind, id: string, owner = currentOwner()): Promise<void> => {
    const marks = new ContainerMarks(cache, name, { own: () => owner, stateOf: () => "alive" });
    await marks.put(kind, { id, task: "test" });
  };
  const acquire = async (spec = {}): Promise<AcquiredContainer> =>
    acquireContainer({
      ...{ engine, workspace: workspaceOf(folder), cacheFolder: cache, keepWarmMs: KEEP, session: "s" },
      prepared: preparedSpec(spec),
      image: { reference: "busybox", imageId: "sha256:1", fingerprint: undefined },
    });

  describe("of containers for one command", () => {
    for (const [state, keep, owner, expected] of [
      ["created", false, DEAD, "removed"],
      ["created", true, DEAD, "removed"],
      ["running", false, DEAD, "removed"],
      ["exited", false, DEAD, "removed"],
      ["exited", true, DEAD, "kept"],
      ["running", false, OTHER, "kept"],
      ["exited", false, "somebody", "kept"],
    ] as const) {
      it(`${expected}: ${state}, ${keep ? "to be kept" : "not to be kept"}, of ${owner.slice(0, 20)}`, async () => {
        await create("c", labelsOf("c", { owner, keep, kind: "task" }), state);
        assert.equal(await kindOf({ dryRun: true }), expected);
        assert.equal((await engine.listContainers({ labels: {} })).length, 1);
        assert.equal(await kindOf(), expected);
        assert.equal((await engine.listContainers({ labels: {} })).length, expected === "kept" ? 1 : 0);
      });
    }

    it("leaves what this process runs, and what was started again by hand", async () => {
      const owner = formatOwner(currentOwner());
      await create("c", labelsOf("c", { owner, kind: "task" }), "running");
      const use = useContainer("c");
      assert.equal(await kindOf(), "kept");
      use.release();
      assert.equal(await kindOf(), "removed");
      const id = await create("d", labelsOf("d", { kind: "task", keep: true }), "exited");
      await engine.startContainer(id);
      assert.equal(await kindOf(), "kept");
    });
  });

  describe("of warm containers", () => {
    for (const [state, marks, expected] of [
      ["created", [], "removed"],
      ["running", [], "kept"],
      ["exited", [], "kept"],
      ["running", ["left"], "stopped"],
      ["running", ["lease"], "kept"],
      ["created", ["intent"], "kept"],
      ["exited", ["claim"], "kept"],
      ["running", ["discard"], "removed"],
      ["running", ["discard", "kept"], "kept"],
      ["running", ["discard", "lease"], "kept"],
    ] as const) {
      it(`${expected}: ${state}${marks.map((each) => `, ${each}`).join("")}`, async () => {
        const id = await create("c", labelsOf("c", { keep: true }), state);
        for (const kind of marks) {
          await mark("c", kind, id);
        }
        assert.equal(await kindOf({ dryRun: true }), expected);
        assert.equal(await kindOf(), expected);
        assert.equal(
          (await engine.inspectContainer(id))?.state,
          expected === "removed" ? undefined : expected === "stopped" ? "exited" : state,
        );
        assert.equal(await kindOf(), expected === "removed" ? "" : "kept");
      });
    }

    it("leaves those of other machines and of unknown formats, and those that only inherit labels", async () => {
      await create("a", labelsOf("a", { owner: OTHER }), "created");
      await create("b", labelsOf("b", { owner: "{}" }), "exited");
      await create("c", labelsOf("c", { kind: "something new" }), "exited");
      await create("d", labelsOf("another", {}), "exited");
      await create("slipway-e", {}, "exited");
      assert.deepEqual((await reconcile({ all: true })).map(({ name, kind }) => [name, kind]).sort(), [
        ["a", "kept"],
        ["b", "kept"],
        ["c", "kept"],
      ]);
      assert.equal((await engine.listContainers({ labels: {} })).length, 5);
    });

    it("ends what a dead process has left running, so that the next one starts anew", async () => {
      const id = await create("c", labelsOf("c", { keep: true }), "running");
      await mark("c", "lease", id, { ...currentOwner(), boot: "an earlier one" });
      assert.equal(await kindOf(), "stopped");
      assert.equal((await engine.inspectContainer(id))?.state, "exited");
      assert.deepEqual(await new ContainerMarks(cache, "c").read(), []);
    });

    it("removes those that were for one run, that are superseded, and whose folder is gone", async () => {
      await create("c", labelsOf("c", { keep: false }), "running");
      assert.equal(await kindOf(), "removed");
      const current = await acquire();
      await current.release("warm");
      await create("c", labelsOf("c", { keep: true }), "running");
      const outcomes = await reconcile({ workspace: workspaceOf(folder) });
      assert.deepEqual(outcomes.map(({ name, kind }) => `${name} ${kind}`).sort(), [
        "c removed",
        `${current.name} kept`,
      ]);
      await engine.removeContainer(current.id);
      await create("d", labelsOf("d", { keep: true }), "exited");
      await rm(folder, { recursive: true });
      assert.equal(await kindOf(), "removed");
    });

    it("removes also the stopped ones when that is asked for, but none that runs", async () => {
      const running = await create("a", labelsOf("a", { keep: true }), "running");
      await create("b", labelsOf("b", { keep: true }), "exited");
      assert.deepEqual((await reconcile({ all: true })).map(({ name, kind }) => `${name} ${kind}`).sort(), [
        "a kept",
        "b removed",
      ]);
      assert.equal((await engine.inspectContainer(running))?.state, "running");
    });
  });

  it("is of one workspace or of all", async () => {
    await create("c", labelsOf("c", { kind: "task" }), "exited");
    assert.equal(await kindOf({ workspace: workspaceOf("/elsewhere") }), "");
    assert.equal(await kindOf({ workspace: workspaceOf(folder) }), "removed");
  });

  it("says how to remove by hand what could not be removed, and goes on with the others", async () => {
    const stubborn = await create("a", labelsOf("a", { kind: "task" }), "exited");
    const silent = await create("b", labelsOf("b", { kind: "task" }), "exited");
    await create("c", labelsOf("c", { kind: "task" }), "exited");
    const really = engine.removeContainer.bind(engine);
    engine.removeContainer = async (id) => {
      if (id === stubborn) {
        throw new Error("device or resource busy");
      }
      return id === silent ? undefined : really(id);
    };
    const outcomes = await reconcile();
    const told = outcomes.map((each) => (each.kind === "failed" ? each.message : `${each.kind} ${each.name}`)).sort();
    assert.deepEqual(told, [
      'The container a could not be removed (device or resource busy). Remove it with "docker rm -f a".',
      'The container b could not be removed (the engine still has it). Remove it with "docker rm -f b".',
      "removed c",
    ]);
  });

  it("sweeps up what is known of containers that are gone", async () => {
    const first = await acquire();
    await first.setup.write("d");
    await first.release("warm");
    await engine.removeContainer(first.id);
    const held = await acquire({ env: { A: "1" } });
    assert.ok((await readdir(warmFolder(cache))).includes(first.name));
    await reconcile();
    const names = await readdir(warmFolder(cache));
    assert.ok(!names.includes(first.name) && names.includes(held.name), String(names));
    await held.release("remove");
    await reconcile();
    assert.deepEqual(
      (await readdir(warmFolder(cache))).filter((name) => name !== "locks"),
      [],
    );
  });

  it("does nothing any more once it is cancelled", async () => {
    await create("c", labelsOf("c", { kind: "task" }), "exited");
    await assert.rejects(reconcile({ signal: AbortSignal.abort() }), { name: "AbortError" });
    assert.equal((await engine.listContainers({ labels: {} })).length, 1);
  });
});
