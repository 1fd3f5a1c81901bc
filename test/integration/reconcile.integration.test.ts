import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reconcileContainers, type ReconcileOutcome } from "../../src/core/container/reconcile/reconcileContainers";
import { acquireContainer } from "../../src/core/container/warm/acquireContainer";
import { LABEL, taskLabels, warmLabels } from "../../src/core/labels";
import { currentOwner, formatOwner } from "../../src/core/owner";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { Labels } from "../../src/core/ports/ContainerTypes";
import { workspaceOf } from "../../src/core/Workspace";
import { collect } from "../conformance/collect";
import { preparedSpec } from "../fake/preparedSpec";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { processesWith } from "./processes";
import { TestWorkspace } from "./TestWorkspace";

const PROGRAM = join(__dirname, "programs", "useWarmContainer.ts");
/** Where they are killed, and how long the container is kept: 0 leaves nothing. */
const POINTS = [
  ["before createContainer", 600_000],
  ["after createContainer", 0],
  ["after startContainer", 600_000],
  ["set-up", 0],
  ["step", 600_000],
  ["before release", 0],
] as const;
const ROUNDS = 20;

for (const { name: engineName, address, connect } of engineOfEachKind()) {
  describe(`Containers that killed processes leave on ${engineName}`, () => {
    let engine: ContainerEngine;
    let workspaces: TestWorkspace[];
    const children: ChildProcess[] = [];

    beforeEach(() => {
      engine = connect();
      workspaces = [];
    });
    afterEach(async () => {
      children.splice(0).forEach((child) => child.kill("SIGKILL"));
      await Promise.all(workspaces.map(async (workspace) => workspace.remove(engine)));
      await engine.close();
    });

    const newWorkspace = async (): Promise<TestWorkspace> => {
      const workspace = await TestWorkspace.create({});
      workspaces.push(workspace);
      return workspace;
    };
    const start = ({ folder, cache }: TestWorkspace, keepWarmMs: number, what: string) => {
      const parameters = [address, folder, cache, String(keepWarmMs), what];
      const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, ...parameters], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.push(child);
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      return { child, output: () => output, ended: once(child, "close") };
    };
    /** Kills a process at a point of its work. */
    const killAt = async (workspace: TestWorkspace, keepWarmMs: number, point: string): Promise<void> => {
      const { child, output, ended } = start(workspace, keepWarmMs, point);
      while (!output().includes("here")) {
        assert.equal(child.exitCode, null, output());
        assert.doesNotMatch(output(), /failed/);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      child.kill("SIGKILL");
      await ended;
    };
    const reconcile = async (workspace: TestWorkspace, options = {}): Promise<readonly ReconcileOutcome[]> =>
      collect(
        reconcileContainers({
          ...{ engine, workspace: workspaceOf(workspace.folder), cacheFolder: workspace.cache },
          ...options,
        }),
      );
    const create = async (name: string, labels: Labels): Promise<string> =>
      engine.createContainer({
        ...{ image: "busybox", name, command: ["sleep", "600"], workingDirectory: undefined, env: {}, mounts: [] },
        ...{ ports: [], network: "none", labels },
      });

    it("are gone after the next start, or have ended, wherever they were killed; others' are not touched", async () => {
      await Promise.all(
        POINTS.map(async ([point, keepWarmMs]) => {
          const workspace = await newWorkspace();
          await killAt(workspace, keepWarmMs, point);
          const outcomes = await reconcile(workspace);
          const what = `${point}: ${JSON.stringify(outcomes)}`;
          const left = (await workspace.containers(engine)).map(({ state }) => state);
          assert.deepEqual(left, keepWarmMs > 0 && !point.endsWith("createContainer") ? ["exited"] : [], what);
          assert.ok(
            outcomes.every(({ kind }) => kind === "removed" || kind === "stopped"),
            what,
          );
        }),
      );
      assert.deepEqual(processesWith("sleep\x00100321"), []);
    });

    it("are told from what only looks like them", async () => {
      const workspace = await newWorkspace();
      const own = workspaceOf(workspace.folder);
      const dead = { [LABEL.owner]: formatOwner({ ...currentOwner(), boot: "an earlier one" }) };
      const name = (what: string): string => `slipway-${own.slug}-${own.id}-${what}`;
      const warm = (what: string): Labels =>
        warmLabels({
          ...{ workspace: own, fingerprint: undefined, session: "s", keep: true, name: name(what), key: "k" },
        });
      const task = (what: string): Labels =>
        taskLabels({
          ...{ workspace: own, fingerprint: undefined, session: "s", keep: false, name: name(what), task: "t" },
        });
      const ids = {
        bare: await create(name("bare"), {}),
        inherited: await create(name("inherited"), { ...warm("another"), ...dead }),
        unknown: await create(name("unknown"), { ...warm("unknown"), [LABEL.owner]: "somebody" }),
        elsewhere: await create(name("elsewhere"), {
          ...warm("elsewhere"),
          [LABEL.owner]: formatOwner({ ...currentOwner(), host: "elsewhere.example" }),
        }),
        alive: await create(name("alive"), {
          ...task("alive"),
          [LABEL.owner]: formatOwner({ ...currentOwner(), pid: process.ppid, started: startOf(process.ppid) }),
        }),
        halfMade: await create(name("half-made"), { ...warm("half-made"), ...dead }),
        ended: await create(name("ended"), { ...task("ended"), ...dead }),
        running: await create(name("running"), { ...task("running"), ...dead }),
      };
      await engine.startContainer(ids.running);
      const expected = { removed: ["ended", "half-made", "running"], kept: ["alive", "elsewhere", "unknown"] };
      const byKind = (outcomes: readonly ReconcileOutcome[], kind: string): readonly string[] =>
        outcomes
          .filter((each) => each.kind === kind)
          .map((each) => each.name.slice(name("").length))
          .sort();
      const planned = await reconcile(workspace, { dryRun: true });
      assert.deepEqual({ removed: byKind(planned, "removed"), kept: byKind(planned, "kept") }, expected);
      assert.equal((await engine.inspectContainer(ids.running))?.running, true);
      const done = await reconcile(workspace);
      assert.deepEqual({ removed: byKind(done, "removed"), kept: byKind(done, "kept") }, expected);
      for (const [what, id] of Object.entries(ids)) {
        const isGone = (await engine.inspectContainer(id)) === undefined;
        assert.equal(isGone, ["halfMade", "ended", "running"].includes(what), what);
      }
      await Promise.all(Object.values(ids).map(async (id) => engine.removeContainer(id)));
    });

    it("do not come about where two windows work at once", async () => {
      const workspace = await newWorkspace();
      const windows = [start(workspace, 600_000, String(ROUNDS)), start(workspace, 600_000, String(ROUNDS))];
      await Promise.all(windows.map(async ({ ended }) => ended));
      for (const { child, output } of windows) {
        assert.deepEqual([child.exitCode, output()], [0, ""]);
      }
      const last = await acquireContainer({
        ...{ engine, workspace: workspaceOf(workspace.folder), cacheFolder: workspace.cache, session: "s" },
        ...{ prepared: preparedSpec({ network: "none" }), keepWarmMs: 600_000 },
        image: { reference: "busybox", imageId: "busybox", fingerprint: undefined },
      });
      await last.release("warm");
      assert.deepEqual(
        (await workspace.containers(engine)).map(({ id }) => id),
        [last.id],
      );
      await reconcile(workspace, { all: true });
    });
  });
}

function startOf(pid: number): string {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
