import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { EngineLostError } from "../../src/core/errors/engineErrors";
import { ContainerGoneError } from "../../src/core/errors/stepErrors";
import { openSockets } from "../conformance/openSockets";
import { PrivateEngine } from "../faults/PrivateEngine";
import { shell, StepsContainer } from "./StepsContainer";

const HUNG_MS = 5_000;
const LOST_WITHIN_MS = 5_000;
const MEGABYTE = 1 << 20;

for (const name of ["faults-docker", "faults-podman"] as const) {
  describe(`a step (${name})`, function () {
    // Its engine is started twice.
    this.timeout(240_000);
    const privateEngine = new PrivateEngine(name);

    before(async function () {
      if (process.platform !== "linux") {
        // Only there can such an engine be started, killed and stopped.
        this.skip();
      }
      await privateEngine.up();
    });
    after(async () => {
      await privateEngine.signal("KILL").catch(() => undefined);
      await privateEngine.down();
    });

    for (const [how, end] of [
      ["stopped", async ({ engine, id }: StepsContainer) => engine.killContainer(id, { unixSignal: "SIGKILL" })],
      ["removed", async ({ engine, id }: StepsContainer) => engine.removeContainer(id)],
    ] as const) {
      it(`whose container is ${how} says so`, async () => {
        const container = await StepsContainer.start(privateEngine.connect());
        try {
          const reader = container.run([shell("echo ready; sleep 300"), shell("true")]);
          await reader.seen("ready");
          await end(container);
          await assert.rejects(reader.ended, (error) => error instanceof ContainerGoneError && error.how === how);
        } finally {
          await container.remove();
        }
      });
    }

    it("whose container has no memory left says so", async () => {
      const hungry = "while [ ! -e /go ]; do sleep 0.1; done; exec dd if=/dev/zero of=/dev/null bs=300M count=1";
      const container = await StepsContainer.start(privateEngine.connect(), {
        command: ["sh", "-c", hungry],
        resources: { memoryBytes: 32 * MEGABYTE },
      });
      try {
        await assert.rejects(
          container.run([shell("touch /go; sleep 300")]).ended,
          // Podman 4 does not say what killed it.
          (error) => error instanceof ContainerGoneError && ["out-of-memory", "stopped"].includes(error.how),
        );
      } finally {
        await container.remove();
      }
    });

    it("whose engine hangs waits, and goes on when that does; whose engine is killed is lost", async () => {
      const sockets = openSockets();
      const container = await StepsContainer.start(privateEngine.connect());
      const script = "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; sleep 0.1; done; exit 7";
      const hung = container.run([shell(script)]);
      await hung.seen("line 2\n");
      await privateEngine.signal("STOP");
      await setTimeout(HUNG_MS);
      await privateEngine.signal("CONT");
      const outcome = await hung.ended;
      assert.ok(outcome.kind === "failed" && outcome.exit.code === 7, JSON.stringify(outcome));
      assert.equal(
        hung.text("stdout"),
        Array.from({ length: 30 }, (_, index) => `line ${String(index + 1)}\n`).join(""),
      );

      const lost = container.run([shell("echo ready; sleep 300"), shell("true")]);
      // Its stream ends in the same way as that of the other, and it would have succeeded.
      const brief = container.run([shell("echo ready; sleep 2; exit 0")]);
      await Promise.all([lost.seen("ready"), brief.seen("ready")]);
      const since = performance.now();
      await privateEngine.signal("KILL");
      await assert.rejects(lost.ended, EngineLostError);
      await assert.rejects(brief.ended, EngineLostError);
      assert.ok(performance.now() - since < LOST_WITHIN_MS, `after ${String(performance.now() - since)} ms`);
      assert.equal(lost.results.length, 0);
      await container.engine.close();
      await openSockets.settle(sockets);
    });
  });
}
