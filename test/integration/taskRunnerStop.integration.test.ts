import assert from "node:assert/strict";
import { openTerminal } from "../../src/core/task/openTerminal";
import { runSteps } from "../../src/core/task/TaskRunner";
import { OutputReader } from "../conformance/OutputReader";
import { shell, StepsContainer } from "./StepsContainer";
import { testEngines } from "./testEngines";

/**
 * One of each way in which a process can hide from whoever looks for it; the numbers show which is left. Those of another
 * user must not hold the output: Docker would wait for it.
 */
const HIDING = `
trap '' TERM
sleep 7101 &
setsid sleep 7102 &
env -i sleep 7103 &
env -i setsid sleep 7104 &
su -s /bin/sh tester -c 'setsid sleep 7105 </dev/null >/dev/null 2>&1 &'
su -s /bin/sh tester -c 'sleep 7106' &
(setsid sh -c 'sleep 7107 </dev/null >/dev/null 2>&1 &')
echo ready
sleep 7108
sleep 7109
`;

for (const { name, connect } of testEngines()) {
  describe(`a step that is stopped (${name})`, () => {
    let container: StepsContainer;

    before(async () => {
      container = await StepsContainer.start(connect());
      const user = "echo tester:x:1234:1234::/:/bin/sh >>/etc/passwd; echo tester:x:1234: >>/etc/group";
      await container.run([shell(user)]).ended;
    });
    after(async () => container.remove());

    it("by its time, the signal, or whoever leaves the loop, leaves nothing behind, and others alone", async () => {
      const { engine, id } = container;
      const others = new AbortController();
      const other = container.run([shell("echo here; sleep 7200")], { signal: others.signal });
      const terminal = await openTerminal({
        ...{ engine, containerId: id, user: undefined, workingDirectory: "/", size: { columns: 80, rows: 24 } },
        command: ["sleep", "7201"],
      });
      await other.seen("here");

      const timed = container.run([{ ...shell("trap 'echo bye; exit 3' TERM; sleep 7113 & wait"), timeoutMs: 500 }]);
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const cancelled = container.run([shell(HIDING)], { graceMs: 300, signal: controller.signal });
      await cancelled.seen("ready");
      controller.abort(reason);
      await assert.rejects(cancelled.ended, reason);
      const outcome = await timed.ended;
      assert.deepEqual([outcome.kind, outcome.kind === "failed" && outcome.exit.code], ["failed", 124]);
      assert.equal(timed.results[0]?.status, "timed-out");
      assert.equal(timed.text("stdout"), "bye\n");

      const left = runSteps({
        ...{ engine, part: "task", container: { id, name: "left", user: "tester", workspaceFolder: "/" } },
        steps: [{ name: "left", ...shell("sleep 7110 & setsid sleep 7111 & echo ready; sleep 7112") }],
      });
      for await (const event of left) {
        if (event.type === "output") {
          assert.equal(event.text, "ready\n");
          break;
        }
      }
      const list = await container.processes();
      assert.doesNotMatch(list, /sleep 71/);
      assert.match(list, /sleep 7200/);
      assert.match(list, /sleep 7201/);
      await terminal.stop();
      others.abort();
      await assert.rejects(other.ended, { name: "AbortError" });
      assert.doesNotMatch(await container.processes(), /sleep 7/);
    });

    it("just when it begins or ends leaves nothing behind, and the container usable", async () => {
      for (const delayMs of [0, 5, 40, 90, 140]) {
        const controller = new AbortController();
        const run = container.run([shell("sleep 0.05; exec sleep 73")], { graceMs: 100, signal: controller.signal });
        const brief = container.run([shell("sleep 0.07")], { graceMs: 100, signal: controller.signal });
        setTimeout(() => {
          controller.abort();
        }, delayMs);
        await assert.rejects(run.ended, { name: "AbortError" });
        await brief.ended.catch((error: unknown) => {
          assert.ok(controller.signal.aborted && error === controller.signal.reason, String(error));
        });
      }
      assert.doesNotMatch(await container.processes(), /sleep 73/);
    });

    it("in a terminal: resizes, reads, is interrupted, is closed, or goes on without it", async () => {
      const { engine, id } = container;
      const open = {
        engine,
        containerId: id,
        user: undefined,
        workingDirectory: "/etc",
        size: { columns: 91, rows: 31 },
      };
      const terminal = await openTerminal({ ...open, env: { GREETING: "hello" } });
      const output = new OutputReader(terminal.output);
      await output.seen("slipway:/etc$ ");
      await terminal.write(Buffer.from("stty size; echo $GREETING-$TERM; sleep 7301\n"));
      await output.seen("31 91");
      await output.seen("hello-xterm-256color");
      await terminal.resize({ columns: 100, rows: 40 });
      await terminal.write(Buffer.from([0x03]));
      await terminal.write(Buffer.from("stty size; trap '' HUP; sleep 7302 & echo go'ing'\n"));
      await output.seen("40 100");
      await output.seen("going");
      await terminal.stop();
      assert.doesNotMatch(await container.processes(), /sleep 730/);

      const controller = new AbortController();
      const detached = await openTerminal({ ...open, command: ["sleep", "7303"], signal: controller.signal });
      detached.detach();
      controller.abort();
      assert.match(await container.processes(), /sleep 7303/);
    });
  });
}
