import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { EngineLostError } from "../../src/core/errors/engineErrors";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import { copyOut } from "../../src/core/transfer/copyOut";
import { syncWorkspace } from "../../src/core/transfer/syncWorkspace";
import { workspaceOf } from "../../src/core/Workspace";
import { collect } from "../conformance/collect";
import { until as untilTrue } from "../conformance/until";
import { busySpec } from "../faults/longCalls";
import { PrivateEngine } from "../faults/PrivateEngine";
import { TestWorkspace } from "./TestWorkspace";

/** Passes on what comes; once a megabyte has, waits for something else, too. */
async function* until(chunks: AsyncIterable<Uint8Array>, other: () => Promise<void>): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of chunks) {
    if (passed < 1 << 20 && passed + chunk.length >= 1 << 20) {
      await other();
    }
    passed += chunk.length;
    yield chunk;
  }
}

for (const name of ["faults-docker", "faults-podman"] as const) {
  describe(`Copying while an engine is killed (${name})`, function () {
    this.timeout(120_000);
    const privateEngine = new PrivateEngine(name);
    let workspace: TestWorkspace;

    before(async function () {
      if (process.platform !== "linux") {
        // Only there can such an engine be started and killed.
        this.skip();
      }
      workspace = await TestWorkspace.create({});
      await privateEngine.up();
    });
    after(async () => {
      await privateEngine.signal("KILL").catch(() => undefined);
      await privateEngine.down();
      await rm(dirname(workspace.folder), { recursive: true, force: true });
    });

    it("says so, and leaves nothing half done here", async () => {
      const engine = privateEngine.connect();
      // Docker lets nobody else at a container into which something is being copied.
      const [one, other] = await Promise.all([engine.createContainer(busySpec()), engine.createContainer(busySpec())]);
      await Promise.all([engine.startContainer(one), engine.startContainer(other)]);
      await untilTrue(async () => ((await engine.statPath(other, "/big"))?.sizeBytes ?? 0) === 48 << 20);
      await writeFile(join(workspace.folder, "large"), randomBytes(32 << 20));
      await workspace.write("out/mine", "mine");
      let begun = 0;
      let killing: Promise<void> | undefined;
      const killOnce = async (): Promise<void> => {
        begun++;
        await untilTrue(async () => Promise.resolve(begun === 2));
        await (killing ??= privateEngine.signal("KILL"));
      };
      const inward: ContainerEngine = Object.assign(Object.create(engine) as ContainerEngine, {
        copyTo: async (...[id, folder, tar]: Parameters<ContainerEngine["copyTo"]>) =>
          engine.copyTo(id, folder, until(tar, killOnce)),
      });
      const outward: ContainerEngine = Object.assign(Object.create(engine) as ContainerEngine, {
        copyFrom: (...[id, path, options]: Parameters<ContainerEngine["copyFrom"]>) =>
          until(engine.copyFrom(id, path, options), killOnce),
      });
      const syncing = collect(
        syncWorkspace({
          ...{ engine: inward, containerId: one, target: "/copy", owner: undefined, cacheFolder: workspace.cache },
          workspace: workspaceOf(workspace.folder),
        }),
      );
      const copying = collect(
        copyOut({
          ...{ engine: outward, containerId: other, workspaceFolder: workspace.folder, failed: false },
          items: [{ source: "/big", target: join(workspace.folder, "out/") }],
        }),
      );
      for (const outcome of await Promise.allSettled([syncing, copying])) {
        assert.ok(outcome.status === "rejected" && outcome.reason instanceof EngineLostError, inspect(outcome));
      }
      assert.deepEqual(await readdir(join(workspace.folder, "out")), ["mine"]);
      assert.deepEqual((await readdir(workspace.folder)).sort(), ["large", "out"]);
      await engine.close();
    });
  });
}
