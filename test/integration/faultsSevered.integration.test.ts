import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineLostError } from "../../src/core/errors/engineErrors";
import { DockerodeEngine } from "../../src/engine/DockerodeEngine";
import { openSockets } from "../conformance/openSockets";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { beginLongCall, busySpec, longCalls } from "../faults/longCalls";
import { EngineProxy } from "./EngineProxy";

const WITHIN_MS = 5_000;

for (const { name, address, connect } of engineOfEachKind()) {
  describe(`a connection to ${name} that breaks in the middle`, () => {
    const real = connect();
    let engine: DockerodeEngine;
    let folder: string;
    let socketPath: string;
    let proxy: EngineProxy;
    let id: string;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "slipway-severed-"));
      socketPath = join(folder, "engine.sock");
      // One for all tests: each goes on with it after the engine was lost and has come back.
      engine = new DockerodeEngine({ address: { kind: "unix", socketPath }, source: "test" });
      id = await real.createContainer(busySpec());
      await real.startContainer(id);
    });
    after(async () => {
      await real.removeContainer(id);
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      proxy = await EngineProxy.listen(address, socketPath);
    });
    afterEach(async () => {
      await proxy.close();
    });

    for (const [what, call] of Object.entries(longCalls)) {
      it(`of ${what} is an engine that is lost, and is back when it is`, async () => {
        const before = openSockets();
        const { end } = await beginLongCall(call, engine, id);
        const since = performance.now();
        await proxy.sever();
        const error = await end;
        assert.ok(error instanceof EngineLostError, String(error));
        assert.ok(performance.now() - since < WITHIN_MS, `after ${String(performance.now() - since)} ms`);
        await openSockets.settle(before);
        await assert.rejects(engine.inspectContainer(id), EngineLostError);
        await proxy.close();
        proxy = await EngineProxy.listen(address, socketPath);
        assert.equal((await engine.inspectContainer(id))?.running, true);
      });
    }
  });
}
