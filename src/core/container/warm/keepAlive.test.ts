import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { idleLimit, keepAliveCommand, NO_SLEEP } from "./keepAlive";

describe("keepAliveCommand", () => {
  it("looks so often that it is a twentieth late at most, in parts of seconds or in whole ones", () => {
    for (const ms of [1_000, 1_500, 10_000, 60_000, 600_000, 86_400_000]) {
      const [tick = 0, most = 0, wholeTick = 0, wholeMost = 0] = keepAliveCommand(ms).slice(-4).map(Number);
      assert.ok(Math.abs(tick * most * 1_000 - ms) <= ms / 10, String(ms));
      assert.ok(Math.abs(wholeTick * wholeMost * 1_000 - ms) <= Math.max(1_000, ms / 10), String(ms));
      assert.ok(wholeTick >= 1 && Number.isInteger(wholeTick) && wholeMost >= 1);
    }
  });

  it("goes on for ten minutes where the container is removed after each run, and for a second at least", () => {
    assert.deepEqual([0, 1, 5_000].map(idleLimit), [600_000, 1_000, 5_000]);
  });

  it("says so where there is no sleep, and waits for the end of its input", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    const [shell = "", ...parameters] = keepAliveCommand(1_000);
    const child = spawn(shell, parameters, { env: { PATH: "/nowhere" }, stdio: ["pipe", "pipe", "inherit"] });
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    assert.equal(said.toString(), `${NO_SLEEP}\n`);
    assert.equal(child.exitCode, null);
    child.stdin.end();
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  it("ends at once at SIGTERM", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    const [shell = "", ...parameters] = keepAliveCommand(600_000);
    const child = spawn(shell, parameters, { stdio: "ignore" });
    // It sees the machine's other processes, and so would go on for ever.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(child.exitCode, null);
    const started = performance.now();
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.ok(performance.now() - started < 2_000);
  });
});
