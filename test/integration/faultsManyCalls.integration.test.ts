import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import { collect } from "../conformance/collect";
import { openSockets } from "../conformance/openSockets";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { inBatches } from "../faults/inBatches";
import { busySpec, EXEC } from "../faults/longCalls";

const AT_ONCE = 20;
/** Podman takes ten times as long as Docker for each, and for each exec starts programs of its own. */
const COUNTS = {
  docker: { calls: 10_000, aborted: 1_000, execs: 200, attached: 200 },
  podman: { calls: 1_000, aborted: 500, execs: 40, attached: 40 },
};
const LONGEST_MS = 60_000;

for (const { name, kind, connect } of engineOfEachKind()) {
  describe(`many calls to ${name}`, () => {
    const count = COUNTS[kind];
    const engine: ContainerEngine = connect();
    // One for all calls, as a window has one for all that it does.
    const { signal } = new AbortController();
    const warnings: Error[] = [];
    const warn = (warning: Error): void => {
      warnings.push(warning);
    };
    let id: string;
    let sockets: number;
    let files: number;

    before(async () => {
      process.on("warning", warn);
      id = await engine.createContainer(busySpec());
      await engine.startContainer(id);
      sockets = openSockets();
      files = openFiles();
    });
    after(async () => {
      process.off("warning", warn);
      await engine.removeContainer(id);
      await engine.close();
    });
    afterEach(async () => {
      await openSockets.settle(sockets);
      for (let round = 0; openFiles() > files + 2 && round < 30; round++) {
        await setTimeout(100);
      }
      assert.ok(openFiles() <= files + 2, `${String(openFiles())} files are open, ${String(files)} were`);
      // A connection's own listener goes when it is closed, which is later than the call.
      for (let round = 0; getEventListeners(signal, "abort").length > 0 && round < 30; round++) {
        await setTimeout(100);
      }
      assert.equal(getEventListeners(signal, "abort").length, 0);
      assert.deepEqual(warnings, []);
    });

    it(`leave nothing: ${String(count.calls)} that are answered at once`, async () => {
      const calls = [
        async () => engine.inspectContainer(id, { signal }),
        async () => engine.inspectImage("busybox", { signal }),
        async () => engine.listContainers({ labels: { "dev.slipway.test": "none" }, signal }),
      ];
      const since = performance.now();
      await inBatches(count.calls, AT_ONCE, async (index) => {
        assert.notEqual(await calls[index % calls.length]?.(), undefined);
      });
      const ms = performance.now() - since;
      assert.ok(ms < LONGEST_MS, `it took ${String(ms)} ms`);
    });

    it(`leave nothing: ${String(count.aborted)} that are aborted`, async () => {
      await inBatches(count.aborted, AT_ONCE, async (index) => {
        const controller = new AbortController();
        const both = AbortSignal.any([signal, controller.signal]);
        const call = engine.inspectContainer(id, { signal: both });
        call.catch(() => undefined);
        await setTimeout(index % 5);
        controller.abort();
        await call.catch((error: unknown) => {
          assert.equal((error as Error).name, "AbortError");
        });
        assert.equal(getEventListeners(both, "abort").length, 0);
      });
    });

    it(`leave nothing: ${String(count.execs)} programs with output`, async () => {
      await inBatches(count.execs, AT_ONCE / 4, async (index) => {
        const text = `output ${String(index)}`;
        const program = await engine.exec(id, { ...EXEC, stdin: index % 2 === 0, command: ["echo", text] }, { signal });
        const output = await collect(program.output);
        assert.equal(Buffer.concat(output.map(({ data }) => data)).toString(), `${text}\n`);
        assert.equal(await program.exitCode({ signal }), 0);
        program.close();
      });
    });

    it(`leave nothing: ${String(count.attached)} readers that leave early`, async () => {
      await inBatches(count.attached, AT_ONCE / 2, async (index) => {
        if (index % 2 === 0) {
          for await (const { data } of await engine.attachContainer(id, { signal })) {
            assert.ok(data.length > 0);
            break;
          }
        } else {
          const program = await engine.attachTerminal(id, { signal });
          program.close();
        }
      });
    });
  });
}

function openFiles(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}
