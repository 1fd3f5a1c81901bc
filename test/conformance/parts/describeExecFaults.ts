import assert from "node:assert/strict";
import {
  ContainerNotFoundError,
  ContainerNotRunningError,
  ExecError,
  InputClosedError,
} from "../../../src/core/errors/containerErrors";
import type { ExecSpec } from "../../../src/core/ports/ContainerTypes";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { until } from "../until";
import { openSockets } from "../openSockets";
import { OutputReader } from "../OutputReader";
import { BASIC } from "../programs/basicPrograms";
import type { ConformanceProgram } from "../programs/ConformanceProgram";
import { STREAM } from "../programs/streamPrograms";
import { sharedContainer } from "../sharedContainer";

export function describeExecFaults(fixture: ConformanceFixture): void {
  describe("exec, when something is wrong", () => {
    const container = sharedContainer(fixture);

    /** An engine says it, or ends as a shell does. */
    const cannotRun = async (program: ConformanceProgram, overrides: Partial<ExecSpec> = {}): Promise<void> => {
      const end: unknown = await fixture.execToEnd(container(), program, overrides).catch((error: unknown) => error);
      const code = typeof end === "object" && end !== null && "code" in end ? end.code : undefined;
      assert.ok(end instanceof ExecError || code === 126 || code === 127, String(end));
    };

    it("says that a program is not there", async () => {
      await cannotRun(BASIC.missing);
    });

    it("says that a user or a folder is not there", async () => {
      await cannotRun(BASIC.ok, { user: "nobody-of-that-name" });
      await cannotRun(BASIC.ok, { workingDirectory: "/no/such/folder" });
    });

    it("says that the container does not run, never started or ended", async () => {
      const created = await fixture.create();
      await assert.rejects(fixture.exec(created, BASIC.ok), ContainerNotRunningError);
      const { id } = await fixture.runToEnd({ program: BASIC.ok });
      await assert.rejects(fixture.exec(id, BASIC.ok), ContainerNotRunningError);
    });

    it("ends with 137 when the container is killed underneath", async () => {
      const id = await fixture.start();
      const running = await fixture.exec(id, BASIC.trap);
      const output = new OutputReader(running.output);
      await output.seen("ready");
      await fixture.engine.killContainer(id, { unixSignal: "SIGKILL" });
      await output.end();
      assert.equal(await running.exitCode(), 137);
      running.close();
    });

    it("has no exit code any more when the container is gone", async () => {
      const id = await fixture.start();
      const running = await fixture.exec(id, BASIC.ok);
      await collect(running.output);
      await fixture.engine.removeContainer(id);
      await assert.rejects(running.exitCode(), ContainerNotFoundError);
      running.close();
    });

    it("rejects what is written when nobody takes it any more", async () => {
      const running = await fixture.exec(container(), BASIC.ok, { stdin: true });
      await collect(running.output);
      await running.exitCode();
      running.close();
      await assert.rejects(async () => {
        for (;;) {
          await running.write(new Uint8Array(1 << 16));
        }
      }, InputClosedError);
    });

    it("goes on when nobody listens any more", async () => {
      const controller = new AbortController();
      const closed = await fixture.exec(container(), STREAM.late);
      closed.close();
      await until(async () => (await fixture.engine.statPath(container(), "/tmp/late")) !== undefined);
      const aborted = await fixture.exec(await fixture.start(), STREAM.late, { signal: controller.signal });
      const output = new OutputReader(aborted.output);
      await output.seen("ready");
      controller.abort();
      await assert.rejects(output.end(), { name: "AbortError" });
      assert.equal(await aborted.exitCode(), 0);
    });

    it("is left early, and then holds nothing open", async () => {
      const before = openSockets();
      for (let round = 0; round < 5; round++) {
        const running = await fixture.exec(container(), BASIC.many);
        for await (const chunk of running.output) {
          assert.ok(chunk.data.length > 0);
          break;
        }
        running.close();
      }
      const closed = await fixture.exec(container(), BASIC.sleep);
      closed.close();
      await assert.doesNotReject(openSockets.settle(before));
    });

    it("ends the reading with the signal's reason", async () => {
      const before = openSockets();
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const running = await fixture.exec(container(), STREAM.sizes, { stdin: true, signal: controller.signal });
      const output = new OutputReader(running.output);
      await output.seen("ready");
      controller.abort(reason);
      await assert.rejects(output.end(), reason);
      await assert.doesNotReject(openSockets.settle(before));
      running.close();
    });

    it("ends the waiting for the exit code with the signal's reason", async () => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const running = await fixture.exec(container(), BASIC.sleep);
      const waiting = running.exitCode({ signal: controller.signal });
      setTimeout(() => {
        controller.abort(reason);
      }, 100);
      await assert.rejects(waiting, reason);
      running.close();
    });
  });
}
