import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { EngineMonitor } from "../../src/core/engine/EngineMonitor";
import { EngineLostError, EngineTimeoutError } from "../../src/core/errors/engineErrors";
import type { EngineEvent } from "../../src/core/ports/ContainerTypes";
import { connectEngine } from "../../src/engine/discovery/connectEngine";
import type { DockerodeEngine } from "../../src/engine/DockerodeEngine";
import { DEADLINES } from "../../src/engine/Deadlines";
import { openSockets } from "../conformance/openSockets";
import { until } from "../conformance/until";
import { beginLongCall, busySpec, LABELS, longCalls } from "../faults/longCalls";
import { PrivateEngine } from "../faults/PrivateEngine";

const WITHIN_MS = 5_000;
const SHORT = { ...DEADLINES, answerMs: 1_000, longMs: 1_000 };

for (const name of ["faults-docker", "faults-podman"] as const) {
  describe(`an engine (${name})`, function () {
    // It is started three times.
    this.timeout(240_000);
    const privateEngine = new PrivateEngine(name);
    let engine: DockerodeEngine;
    let id: string;

    const startContainer = async (): Promise<string> => {
      const created = await engine.createContainer(busySpec());
      await engine.startContainer(created);
      return created;
    };

    before(async function () {
      if (process.platform !== "linux") {
        // Only there can such an engine be started, killed and stopped.
        this.skip();
      }
      await privateEngine.up();
      engine = privateEngine.connect();
      id = await startContainer();
    });
    after(async () => {
      // Nothing in it is worth waiting for, and what a failed test has left in the middle could make it wait.
      await privateEngine.signal("KILL").catch(() => undefined);
      await privateEngine.down();
    });

    it("that is killed is lost to all that it is in the middle of, and is the same again once it is back", async () => {
      const before = openSockets();
      const states: string[] = [];
      const monitor = new EngineMonitor({
        connect: async () => connectEngine({ explicit: { address: privateEngine.address, source: "test" } }),
        pause: () => 100,
      });
      monitor.onDidChange(({ kind }) => states.push(kind));
      const events: EngineEvent[] = [];
      monitor.onEvent((event) => events.push(event));
      const following = monitor.follow();
      try {
        await until(async () => Promise.resolve(events.some(({ kind }) => kind === "listening")));
        const begun: { readonly what: string; readonly end: Promise<unknown> }[] = [];
        for (const [what, call] of Object.entries(longCalls)) {
          // Docker lets nobody else at a container into which something is being copied.
          const target = what === "copyTo" ? await startContainer() : id;
          begun.push({ what, ...(await beginLongCall(call, engine, target)) });
        }
        const since = performance.now();
        await privateEngine.signal("KILL");
        for (const { what, end } of begun) {
          const error = await end;
          assert.ok(error instanceof EngineLostError, `${what}: ${String(error)}`);
        }
        assert.ok(performance.now() - since < WITHIN_MS, `after ${String(performance.now() - since)} ms`);
        await assert.rejects(engine.info(), EngineLostError);
        await until(async () => Promise.resolve(states.at(-1) === "unavailable"));
        events.length = 0;
        await privateEngine.up();
        assert.match((await engine.info()).version, /^\d/);
        id = await startContainer();
        assert.equal((await engine.inspectContainer(id))?.running, true);
        await until(async () => Promise.resolve(states.at(-1) === "connected"));
        await until(async () => Promise.resolve(events.some(({ kind }) => kind === "listening")));
        assert.deepEqual([...new Set(states)], ["connected", "unavailable"]);
      } finally {
        following.dispose();
        await monitor.dispose();
      }
      await openSockets.settle(before);
    });

    it("that hangs is told by a deadline, and goes on with all when it does", async () => {
      const before = openSockets();
      const hasty = privateEngine.connect({ deadlines: SHORT });
      await hasty.info();
      const controller = new AbortController();
      const events: EngineEvent[] = [];
      const watching = (async () => {
        for await (const event of hasty.watchEvents({ labels: LABELS, signal: controller.signal })) {
          events.push(event);
        }
      })();
      watching.catch(() => undefined);
      await until(async () => Promise.resolve(events.length > 0));
      const waiting = hasty.waitForExit(id);
      waiting.catch(() => undefined);
      await privateEngine.signal("STOP");
      try {
        const since = performance.now();
        const calls = {
          info: privateEngine.connect({ deadlines: SHORT }).info(),
          inspect: hasty.inspectContainer(id),
          list: hasty.listContainers({ labels: LABELS }),
          stop: hasty.stopContainer(id, { graceSeconds: 0 }),
          exec: hasty.exec(id, {
            command: ["true"],
            env: {},
            tty: false,
            stdin: true,
            workingDirectory: "/",
            user: "0",
          }),
          attach: hasty.attachContainer(id),
          stat: hasty.statPath(id, "/etc"),
          images: hasty.listImages({ labels: {} }),
          abortable: hasty.inspectContainer(id, { signal: AbortSignal.timeout(50) }),
        };
        for (const call of Object.values<Promise<unknown>>(calls)) {
          call.catch(() => undefined);
        }
        await assert.rejects(calls.abortable, { name: "TimeoutError" });
        assert.ok(performance.now() - since < 500);
        for (const [what, call] of Object.entries(calls).filter(([each]) => each !== "abortable")) {
          const error: unknown = await Promise.resolve<unknown>(call).catch((reason: unknown) => reason);
          assert.ok(error instanceof EngineTimeoutError, `${what}: ${String(error)}`);
        }
        assert.ok(performance.now() - since < 3 * SHORT.answerMs, `after ${String(performance.now() - since)} ms`);
      } finally {
        await privateEngine.signal("CONT");
      }
      await until(async () =>
        hasty.info().then(
          () => true,
          () => false,
        ),
      );
      const other = await startContainer();
      await until(async () =>
        Promise.resolve(events.some((event) => event.kind === "container" && event.id === other)),
      );
      // It was told to stop while it hung, and may have heard it; what was asked for before is answered all the same.
      await engine.killContainer(id, { unixSignal: "SIGKILL" });
      assert.equal(await waiting, 137);
      controller.abort();
      await watching.catch(() => undefined);
      await setTimeout(0);
      await openSockets.settle(before);
    });
  });
}
