import assert from "node:assert/strict";
import { ContainerNotFoundError } from "../../../src/core/errors/containerErrors";
import type { ContainerStats } from "../../../src/core/ports/ContainerTypes";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { openSockets } from "../openSockets";
import { BASIC } from "../programs/basicPrograms";
import { CONTAINER } from "../programs/containerPrograms";

const GIGABYTE = 2 ** 30;

export function describeStats(fixture: ConformanceFixture): void {
  describe("stats", () => {
    it("come about once a second, and are plausible", async () => {
      const id = await fixture.start({ program: BASIC.sleep });
      const samples: ContainerStats[] = [];
      for await (const sample of fixture.engine.containerStats(id)) {
        samples.push(sample);
        if (samples.length === 2) {
          break;
        }
      }
      const [first, second] = samples;
      assert.ok(first && second);
      assert.equal(first.cpuPercent, undefined);
      assert.ok(second.time > first.time && Math.abs(second.time - Date.now()) < 60_000);
      // Without cgroups of its own there is nothing to count.
      const known = fixture.differences.limits === "kept";
      const within = (value: number | undefined, low: number, high: number): boolean =>
        value === undefined ? !known : value >= low && value <= high;
      assert.ok(within(second.cpuPercent, 0, 100), `CPU ${String(second.cpuPercent)}`);
      assert.ok(within(second.memoryBytes, 1, GIGABYTE), `memory ${String(second.memoryBytes)}`);
      assert.ok(within(second.memoryLimitBytes, 1, 2 ** 63), `limit ${String(second.memoryLimitBytes)}`);
      assert.ok(within(second.pids, 1, 10), `processes ${String(second.pids)}`);
      assert.ok(within(second.networkReceivedBytes, 0, GIGABYTE), `network ${String(second.networkReceivedBytes)}`);
    });

    it("tell of a program that keeps a CPU busy", async () => {
      const id = await fixture.start({ program: CONTAINER.burns });
      let busiest = 0;
      // Of a machine that is busy with something else, too, a second can bring less.
      let samples = 0;
      for await (const { cpuPercent } of fixture.engine.containerStats(id)) {
        busiest = Math.max(busiest, cpuPercent ?? 0);
        if (busiest > 50 || (cpuPercent === undefined && samples > 0) || samples++ === 10) {
          break;
        }
      }
      assert.ok(fixture.differences.limits === "ignored" || busiest > 50, `CPU ${String(busiest)}`);
    });

    it("end with the container", async () => {
      const id = await fixture.start({ program: BASIC.sleep });
      let samples = 0;
      for await (const sample of fixture.engine.containerStats(id)) {
        assert.ok(sample.time > 0);
        if (samples++ === 0) {
          await fixture.engine.killContainer(id, { unixSignal: "SIGKILL" });
        }
      }
      assert.ok(samples > 0);
    });

    it("of a container that does not run end at once", async () => {
      const id = await fixture.create({ program: BASIC.ok });
      assert.ok((await collect(fixture.engine.containerStats(id))).length <= 1);
    });

    it("hold nothing open when they are left or cancelled, or when the container is removed", async () => {
      const before = openSockets();
      const id = await fixture.start({ program: BASIC.sleep });
      for await (const sample of fixture.engine.containerStats(id)) {
        assert.ok(sample.time > 0);
        break;
      }
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const watching = (async (): Promise<void> => {
        for await (const sample of fixture.engine.containerStats(id, { signal: controller.signal })) {
          assert.ok(sample.time > 0);
          controller.abort(reason);
        }
      })();
      await assert.rejects(watching, reason);
      const removed = collect(fixture.engine.containerStats(id)).catch((error: unknown) => error);
      await fixture.engine.removeContainer(id);
      const end = await removed;
      assert.ok(Array.isArray(end) || end instanceof ContainerNotFoundError, String(end));
      await assert.doesNotReject(openSockets.settle(before));
    });
  });
}
