import { afterEach, beforeEach, describe, it } from "mocha";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processId, withLock } from "./lock.mjs";

describe("withLock", () => {
  let folder;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slipway-lock-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("lets one in at a time and leaves nothing", async () => {
    let inside = 0;
    const work = async () => {
      assert.equal(++inside, 1);
      await sleep(5);
      inside--;
    };
    const lock = join(folder, "lock");
    await Promise.all([withLock(lock, work), withLock(lock, work), withLock(lock, work)]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("takes over from a dead owner", async () => {
    const lock = join(folder, "lock");
    const dead = spawnSync(process.execPath, ["-e", "process.stdout.write(String(process.pid))"], { encoding: "utf8" });
    for (const name of [lock, `${lock}.${dead.stdout}.1`]) writeFileSync(name, `${dead.stdout} 1`);
    assert.equal(await withLock(lock, () => Promise.resolve("done")), "done");
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is given back when the work fails", async () => {
    const lock = join(folder, "lock");
    await assert.rejects(
      withLock(lock, () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });
});

describe("isAlive", () => {
  it("knows this process", () => assert.equal(isAlive(processId()), true));
  it("knows a pid that was given out again", () =>
    assert.equal(isAlive(`${process.pid} 1`), process.platform !== "linux"));
  it("takes nonsense for dead", () => assert.equal(isAlive("what"), false));
});
