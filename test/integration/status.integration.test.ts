import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { runCli, type CliRun } from "./runCli";
import { TestWorkspace } from "./TestWorkspace";

const statusShape = z.object({
  decision: z.object({ state: z.string(), reason: z.string() }),
  builtAt: z.number().optional(),
  changes: z.array(z.object({ change: z.string(), subject: z.string(), details: z.array(z.string()) })).optional(),
});

for (const { name, address, connect } of engineOfEachKind()) {
  describe(`slipway status on ${name}`, () => {
    const engine = connect();
    let workspace: TestWorkspace;
    const slipway = async (...args: readonly string[]): Promise<CliRun> =>
      runCli([...args, "--engine", address], { cwd: workspace.folder, env: { SLIPWAY_CACHE_DIR: workspace.cache } });

    beforeEach(async () => {
      workspace = await TestWorkspace.create({
        Dockerfile: "FROM busybox\nARG VERSION\nCOPY src /src\n",
        "src/app.txt": "1\n",
        // A build that comes from the builder's cache is as old as that.
        "src/unique.txt": randomUUID(),
        "other.txt": "not taken\n",
      });
    });

    afterEach(async () => {
      await workspace.remove(engine);
    });

    it("tells by its exit code whether the next run builds, and why, and builds nothing itself", async () => {
      const absent = await slipway("status");
      assert.deepEqual([absent.code, absent.stdout], [1, "absent: there is no image yet\n"], absent.stderr);
      const before = Date.now();
      const built = await slipway("build", "--build-arg", "VERSION=1.2");
      assert.equal(built.code, 0, built.stderr);
      await workspace.write("other.txt", "changed, and not taken\n");
      const fresh = await slipway("status", "--build-arg", "VERSION=1.2", "--explain", "--json");
      assert.equal(fresh.code, 0, fresh.stderr);
      const { decision, builtAt = 0 } = statusShape.parse(JSON.parse(fresh.stdout));
      assert.equal(decision.state, "fresh");
      assert.ok(Math.abs(builtAt - before) < 120_000, String(builtAt));
      await workspace.write("src/app.txt", "2222\n");
      const stale = await slipway("status", "--build-arg", "VERSION=1.3", "--explain", "--json");
      assert.equal(stale.code, 1, stale.stderr);
      assert.deepEqual(statusShape.parse(JSON.parse(stale.stdout)).changes, [
        { change: "changed", subject: "ARG VERSION", details: ["1.2 -> 1.3"] },
        { change: "changed", subject: "src/app.txt", details: ["content, 2 -> 5 bytes"] },
      ]);
      const text = await slipway("status", "--build-arg", "VERSION=1.3", "--explain");
      assert.match(text.stdout, /^stale: ARG VERSION changed \(1\.2 -> 1\.3\), src\/app\.txt changed\n/);
      assert.match(text.stdout, /^ {2}Dockerfile:3 takes 3 entries, 41 bytes: COPY src \/src$/m);
    });

    it("fails as every command does when it cannot be found out", async () => {
      await workspace.write("Dockerfile", "FROM\n");
      const { code, stdout, stderr } = await slipway("status");
      assert.deepEqual([code, stdout], [125, ""]);
      assert.match(stderr, /^slipway: Dockerfile:1: /);
    });
  });
}
