import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { workspaceOf } from "../Workspace";
import { completedSteps, FailedRuns, type FailedRun } from "./FailedRuns";
import { stepDigest } from "./stepDigest";

const workspace = workspaceOf("/some/workspace");
const failed = (task: string | undefined, at: number): FailedRun => ({
  ...{ engine: "unix:///run/engine.sock", containerId: "c1", containerName: "slipway-workspace-1" },
  ...{ part: "task", step: "unit", exitCode: 3, done: ["a", "b"], at },
  ...(task === undefined ? {} : { task }),
});

describe("FailedRuns", () => {
  let cache: string;
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "slipway-runs-"));
  });
  afterEach(async () => rm(cache, { recursive: true, force: true }));

  it("reads what was recorded, also after a restart, and of each task the last", async () => {
    const runs = new FailedRuns(cache, workspace);
    assert.deepEqual(await runs.list(), []);
    assert.equal(await runs.read("test"), undefined);
    await runs.record(failed("test", 1));
    await runs.record(failed(undefined, 3));
    await runs.record(failed("../../x \0 ✓", 2));
    await runs.record({ ...failed("test", 4), step: "lint" });
    const later = new FailedRuns(cache, workspace);
    assert.deepEqual(await later.read(undefined), failed(undefined, 3));
    assert.deepEqual(
      (await later.list()).map(({ task, at }) => [task, at]),
      [
        ["test", 4],
        [undefined, 3],
        ["../../x \0 ✓", 2],
      ],
    );
    assert.deepEqual(await new FailedRuns(cache, workspaceOf("/other")).list(), []);
    await later.forget("test");
    await later.forget("test");
    assert.equal(await runs.read("test"), undefined);
    assert.equal((await runs.list()).length, 2);
  });

  it("takes what is damaged as if it were not there, and writes over it", async () => {
    const runs = new FailedRuns(cache, workspace);
    await runs.record(failed("test", 1));
    const folder = join(cache, "runs", workspace.id);
    const [file = ""] = await readdir(folder);
    for (const content of ["", "{", "null", JSON.stringify({ version: 2, run: failed("test", 1) })]) {
      await writeFile(join(folder, file), content);
      assert.equal(await runs.read("test"), undefined);
      assert.deepEqual(await runs.list(), []);
    }
    await runs.record(failed("test", 2));
    assert.equal((await runs.read("test"))?.at, 2);
    assert.deepEqual(await readdir(folder), [file]);
  });
});

describe("completedSteps", () => {
  const step = (name: string) => ({ name, command: [name] });

  it("counts the first steps that were done and are the same", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b")), fc.array(fc.constantFrom("a", "b")), (before, now) => {
        const done = before.map((name) => stepDigest(step(name)));
        const count = completedSteps({ ...failed("test", 1), done }, now.map(step));
        assert.deepEqual(now.slice(0, count), before.slice(0, count));
        assert.ok(count === now.length || count === before.length || now[count] !== before[count]);
      }),
    );
  });

  it("sees any change of what a step does, and none of when it may fail", () => {
    const one = { ...step("a"), env: { A: "1", B: "2" }, user: "u", workingDirectory: "/w" };
    const same = { ...one, env: { B: "2", A: "1" }, timeoutMs: 1, continueOnError: true, pause: true };
    assert.equal(stepDigest(same), stepDigest(one));
    const others = [
      { ...one, command: ["a", ""] },
      { ...one, env: { A: "1" } },
      { ...one, user: undefined },
      { ...one, workingDirectory: "/" },
      { ...one, name: "b" },
    ];
    assert.equal(new Set([one, ...others].map(stepDigest)).size, 6);
  });
});
