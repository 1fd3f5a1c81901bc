import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { OutputReader } from "../OutputReader";
import { BASIC } from "../programs/basicPrograms";
import { STREAM } from "../programs/streamPrograms";

export function describeLogs(fixture: ConformanceFixture): void {
  describe("logs", () => {
    it("have what was written, in both streams", async () => {
      const { id } = await fixture.runToEnd({ program: BASIC.both });
      for (const follow of [false, true]) {
        assert.deepEqual(await new OutputReader(fixture.engine.containerLogs(id, { follow })).end(), {
          ...{ stdout: "out\n", stderr: "err\n" },
        });
      }
    });

    it("have what a terminal showed", async () => {
      const { id } = await fixture.runToEnd({ program: STREAM.onTerminal, tty: true });
      assert.deepEqual(await new OutputReader(fixture.engine.containerLogs(id, { follow: false })).end(), {
        ...{ stdout: "terminal\r\nout\r\nerr\r\n", stderr: "" },
      });
    });

    it("have the last lines only, where those are asked for", async () => {
      const { id } = await fixture.runToEnd({ program: BASIC.many });
      const lines = async (tail: number | undefined): Promise<readonly string[]> => {
        const { stdout } = await new OutputReader(fixture.engine.containerLogs(id, { follow: false, tail })).end();
        return stdout.split("\n").slice(0, -1);
      };
      assert.deepEqual(await lines(3), ["19998", "19999", "20000"]);
      assert.deepEqual(await lines(0), []);
      assert.equal((await lines(undefined)).length, 20_000);
    });

    it("follow what is written until it ends", async () => {
      const id = await fixture.start({ program: BASIC.slowLines });
      assert.equal(
        (await new OutputReader(fixture.engine.containerLogs(id, { follow: true })).end()).stdout,
        "one\ntwo\n",
      );
    });

    it("have what was written since a time", async () => {
      const { id, output } = await fixture.startReading({ program: BASIC.slowLines });
      await output.seen("one");
      const since = Date.now() + 10;
      await output.end();
      await fixture.engine.waitForExit(id);
      const read = async (time: number): Promise<string> =>
        (await new OutputReader(fixture.engine.containerLogs(id, { follow: false, since: time })).end()).stdout;
      assert.equal(await read(since), "two\n");
      assert.equal(await read(since - 60_000), "one\ntwo\n");
    });

    it("of a container that was never started are empty", async () => {
      const id = await fixture.create({ program: BASIC.both });
      assert.deepEqual(await collect(fixture.engine.containerLogs(id, { follow: false })), []);
    });

    it("stop being followed when that is cancelled, or left", async () => {
      const id = await fixture.start({ program: BASIC.trap });
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const output = new OutputReader(fixture.engine.containerLogs(id, { follow: true, signal: controller.signal }));
      await output.seen("ready");
      await setTimeout(50);
      controller.abort(reason);
      await assert.rejects(output.end(), reason);
      for await (const chunk of fixture.engine.containerLogs(id, { follow: true })) {
        assert.ok(chunk.data.length > 0);
        break;
      }
    });
  });
}
