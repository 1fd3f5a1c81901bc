import assert from "node:assert/strict";
import type { RunningProgram } from "../../../src/core/ports/RunningProgram";
import type { ConformanceFixture } from "../ConformanceFixture";
import { OutputReader } from "../OutputReader";
import { CONTAINER } from "../programs/containerPrograms";
import type { ConformanceProgram } from "../programs/ConformanceProgram";
import { STREAM } from "../programs/streamPrograms";

export function describeTerminals(fixture: ConformanceFixture): void {
  describe("terminals", () => {
    const open = async (
      program: ConformanceProgram,
      { tty, signal }: { readonly tty: boolean; readonly signal?: AbortSignal },
    ): Promise<{ readonly id: string; readonly running: RunningProgram; readonly output: OutputReader }> => {
      const id = await fixture.create({ program, tty, stdin: true });
      const running = await fixture.engine.attachTerminal(id, { signal });
      const output = new OutputReader(running.output);
      await fixture.engine.startContainer(id);
      return { id, running, output };
    };

    it("bring what is typed to the program, and its size", async () => {
      const { id, running, output } = await open(STREAM.sizes, { tty: true });
      await output.seen("ready");
      await running.resize({ columns: 100, rows: 30 });
      await running.write(Buffer.from("\n"));
      await output.seen("30 100");
      await running.write(Buffer.from("end\n"));
      await output.end();
      assert.equal(await running.exitCode(), 5);
      assert.equal(await fixture.engine.waitForExit(id), 5);
      await running.resize({ columns: 80, rows: 24 });
      running.close();
    });

    it("interrupt it by Ctrl-C", async () => {
      const { running, output } = await open(CONTAINER.interruptible, { tty: true });
      await output.seen("ready");
      await running.write(Buffer.from([0x03]));
      await output.end();
      assert.match(output.stdout.toString("utf8"), /interrupted/);
      assert.equal(await running.exitCode(), 9);
      running.close();
    });

    it("bring Ctrl-P as soon as it is typed", async () => {
      const { running, output } = await open(STREAM.firstByte, { tty: true });
      await output.seen("ready");
      await running.write(Buffer.from([0x10]));
      await output.seen(" 10");
      running.close();
    });

    it("bring stdin and its end without a terminal, too", async () => {
      const { running, output } = await open(STREAM.count, { tty: false });
      await running.write(new Uint8Array(100_000));
      await running.endInput();
      assert.equal((await output.end()).stdout, "100000\n");
      assert.equal(await running.exitCode(), 0);
      running.close();
    });

    it("are closed without ending the program", async () => {
      const { id, running, output } = await open(STREAM.sizes, { tty: true });
      await output.seen("ready");
      running.close();
      const again = await fixture.engine.attachTerminal(id);
      const reading = new OutputReader(again.output);
      await again.resize({ columns: 91, rows: 31 });
      await again.write(Buffer.from("\n"));
      await reading.seen("31 91");
      again.close();
      assert.equal((await fixture.engine.inspectContainer(id))?.state, "running");
    });

    it("end with the signal's reason", async () => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const { running, output } = await open(STREAM.sizes, { tty: true, signal: controller.signal });
      await output.seen("ready");
      controller.abort(reason);
      await assert.rejects(output.end(), reason);
      running.close();
    });
  });
}
