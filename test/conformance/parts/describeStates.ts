import assert from "node:assert/strict";
import {
  ContainerNameInUseError,
  ContainerNotFoundError,
  ContainerNotRunningError,
} from "../../../src/core/errors/containerErrors";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { OutputReader } from "../OutputReader";
import { BASIC } from "../programs/basicPrograms";
import { CONTAINER } from "../programs/containerPrograms";

export function describeStates(fixture: ConformanceFixture): void {
  describe("states", () => {
    it("are told, together with what a run has ended in", async () => {
      const id = await fixture.create({ program: BASIC.both });
      const created = await fixture.engine.inspectContainer(id);
      assert.deepEqual([created?.state, created?.running, created?.hasEnded], ["created", false, false]);
      await fixture.engine.startContainer(id);
      await fixture.engine.waitForExit(id);
      const ended = await fixture.engine.inspectContainer(id);
      assert.deepEqual(
        [ended?.state, ended?.running, ended?.hasEnded, ended?.exitCode, ended?.outOfMemory],
        ["exited", false, true, 3, false],
      );
    });

    it("do not change when a running one is started, or a stopped one stopped or killed", async () => {
      const id = await fixture.create({ program: BASIC.sleep });
      await fixture.engine.stopContainer(id, { graceSeconds: 1 });
      await fixture.engine.killContainer(id, { unixSignal: "SIGKILL" });
      await fixture.engine.startContainer(id);
      await fixture.engine.startContainer(id);
      assert.equal((await fixture.engine.inspectContainer(id))?.state, "running");
      await fixture.engine.killContainer(id, { unixSignal: "SIGKILL" });
      assert.equal(await fixture.engine.waitForExit(id), 137);
      await fixture.engine.stopContainer(id, { graceSeconds: 1 });
      await fixture.engine.killContainer(id, { unixSignal: "SIGTERM" });
    });

    it("end when the program is asked to end", async () => {
      const { id, output } = await fixture.startReading({ program: BASIC.trap });
      await output.seen("ready");
      await fixture.engine.stopContainer(id, { graceSeconds: 10 });
      assert.match((await output.end()).stdout, /bye/);
      assert.equal(await fixture.engine.waitForExit(id), 0);
    });

    it("end when the program does not hear, after the grace", async () => {
      const id = await fixture.start({ program: BASIC.sleep });
      const started = performance.now();
      await fixture.engine.stopContainer(id, { graceSeconds: 1 });
      assert.ok(performance.now() - started > 900);
      assert.equal(await fixture.engine.waitForExit(id), 137);
    });

    it("end by the signal that is sent", async () => {
      const { id, output } = await fixture.startReading({ program: CONTAINER.interruptible });
      await output.seen("ready");
      await fixture.engine.killContainer(id, { unixSignal: "SIGINT" });
      assert.match((await output.end()).stdout, /interrupted/);
      assert.equal(await fixture.engine.waitForExit(id), 9);
    });

    it("begin anew with a restart, of a running one and of a stopped one", async () => {
      const { id, output } = await fixture.startReading({ program: BASIC.trap });
      await output.seen("ready");
      await fixture.engine.restartContainer(id, { graceSeconds: 10 });
      const again = await fixture.engine.inspectContainer(id);
      assert.deepEqual([again?.state, again?.hasEnded], ["running", true]);
      await new OutputReader(fixture.engine.containerLogs(id, { follow: true })).seen("ready\nbye\nready\n");
      await fixture.engine.stopContainer(id, { graceSeconds: 10 });
      await fixture.engine.restartContainer(id, { graceSeconds: 10 });
      assert.equal((await fixture.engine.inspectContainer(id))?.state, "running");
    });

    it("are waited for: before the end, after it, and until a kill", async () => {
      const { id } = await fixture.runToEnd({ program: BASIC.both });
      assert.equal(await fixture.engine.waitForExit(id), 3);
      const killed = await fixture.start({ program: BASIC.sleep });
      const waiting = fixture.engine.waitForExit(killed);
      await fixture.engine.killContainer(killed, { unixSignal: "SIGKILL" });
      assert.equal(await waiting, 137);
    });

    it("are waited for until the container is removed", async () => {
      const id = await fixture.start({ program: BASIC.sleep });
      const waiting = fixture.engine.waitForExit(id).catch((error: unknown) => error);
      await fixture.engine.removeContainer(id);
      const end = await waiting;
      // Whether the end or the removal is seen first is a matter of microseconds.
      assert.ok(end === 137 || end instanceof ContainerNotFoundError, String(end));
    });

    it("can be paused, and then let nothing run but be stopped", async () => {
      const { id, output } = await fixture.startReading({ program: BASIC.trap });
      await output.seen("ready");
      const pausing = fixture.subject.pause(fixture.engine, id);
      if (fixture.differences.pause === "refused") {
        await assert.rejects(pausing);
        return;
      }
      await pausing;
      assert.equal((await fixture.engine.inspectContainer(id))?.state, "paused");
      await assert.rejects(
        fixture.exec(id, BASIC.ok),
        (error) => error instanceof ContainerNotRunningError && /is paused/.test(error.message),
      );
      await fixture.engine.stopContainer(id, { graceSeconds: 0.5 });
      assert.equal((await fixture.engine.inspectContainer(id))?.state, "exited");
      const removed = await fixture.start({ program: BASIC.sleep });
      await fixture.subject.pause(fixture.engine, removed);
      await fixture.engine.removeContainer(removed);
      assert.equal(await fixture.engine.inspectContainer(removed), undefined);
    });

    it("do not keep a container from being removed, nor one that is gone", async () => {
      const id = await fixture.start({ program: BASIC.sleep });
      // Whoever is told that it is removed can rely on that, also where somebody else was faster.
      const remove = async (): Promise<void> => {
        await fixture.engine.removeContainer(id);
        assert.equal(await fixture.engine.inspectContainer(id), undefined);
      };
      await Promise.all([remove(), remove(), remove()]);
      await remove();
    });

    it("are of one container by its ID and by its name, which no other may have", async () => {
      const spec = fixture.specOf();
      const id = await fixture.create(spec);
      assert.equal((await fixture.engine.inspectContainer(spec.name))?.id, id);
      await assert.rejects(fixture.create({ name: spec.name }), ContainerNameInUseError);
      await fixture.engine.removeContainer(spec.name);
      assert.equal(await fixture.engine.inspectContainer(id), undefined);
    });

    it("are listed, of those with all the labels or with the IDs, newest first", async () => {
      const labels = { ...fixture.labels, "dev.slipway.case": "listed" };
      const first = await fixture.create({ labels });
      // Engines date containers by the second.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const second = await fixture.create({ labels });
      const other = await fixture.create({ labels: { ...labels, "dev.slipway.case": "other" } });
      const listed = await fixture.engine.listContainers({ labels });
      assert.deepEqual(
        listed.map(({ id, state }) => [id, state]),
        [
          [second, "created"],
          [first, "created"],
        ],
      );
      assert.ok(listed.every(({ created }) => Math.abs(created - Date.now() / 1000) < 60));
      const idsOf = async (ids: readonly string[]): Promise<readonly string[]> =>
        (await fixture.engine.listContainers({ labels: fixture.labels, ids })).map(({ id }) => id);
      assert.deepEqual(await idsOf([first]), [first]);
      assert.deepEqual((await idsOf([first, other])).toSorted(), [first, other].toSorted());
      assert.deepEqual(await idsOf([]), []);
      assert.deepEqual(await idsOf(["0".repeat(64)]), []);
      const own = await fixture.engine.listContainers({ labels, ids: [first, other] });
      assert.deepEqual(
        own.map(({ id }) => id),
        [first],
      );
    });

    it("of no container at all are told so", async () => {
      const id = "0".repeat(64);
      const { engine } = fixture;
      assert.equal(await engine.inspectContainer(id), undefined);
      const calls = [
        engine.startContainer(id),
        engine.stopContainer(id, { graceSeconds: 1 }),
        engine.restartContainer(id, { graceSeconds: 1 }),
        engine.killContainer(id, { unixSignal: "SIGTERM" }),
        engine.waitForExit(id),
        engine.attachContainer(id),
        engine.attachTerminal(id),
        fixture.exec(id, BASIC.ok),
        collect(engine.containerLogs(id, { follow: false })),
        collect(engine.containerLogs(id, { follow: true })),
        collect(engine.containerStats(id)),
        engine.copyTo(id, "/", collectNothing()),
        collect(engine.copyFrom(id, "/etc")),
        engine.statPath(id, "/etc"),
      ];
      for (const [index, end] of (await Promise.allSettled(calls)).entries()) {
        assert.ok(end.status === "rejected", `call ${String(index)}`);
        assert.ok(end.reason instanceof ContainerNotFoundError, `call ${String(index)}: ${String(end.reason)}`);
      }
    });
  });
}

async function* collectNothing(): AsyncGenerator<Uint8Array> {
  // An empty tar.
  yield new Uint8Array(1024);
  await Promise.resolve();
}
