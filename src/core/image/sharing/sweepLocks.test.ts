import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { currentOwner, formatOwner, type Owner } from "../../owner";
import { BuildLock } from "./BuildLock";
import { sweepLocks } from "./sweepLocks";

const DAY_MS = 24 * 3_600_000;

describe("sweepLocks", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-locks-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const put = async (name: string, owner: Owner, ageMs: number): Promise<string> => {
    const token = randomUUID();
    const time = new Date(Date.now() - ageMs);
    await writeFile(join(folder, name), JSON.stringify({ token, owner: formatOwner(owner) }));
    await utimes(join(folder, name), time, time);
    return token;
  };
  const stateOf = ({ pid }: Owner): "alive" | "dead" => (pid === 1 ? "dead" : "alive");
  const dead = { ...currentOwner(), pid: 1 };

  it("removes old locks of the dead, with those that they were taken over from", async () => {
    const token = await put("a.lock", dead, 2 * DAY_MS);
    await put(`a.lock.${token}`, dead, 2 * DAY_MS);
    await sweepLocks(folder, stateOf);
    assert.deepEqual(await readdir(folder), []);
  });

  it("leaves those of the living, and those that are young", async () => {
    await put("young.lock", dead, DAY_MS / 2);
    await put("alive.lock", currentOwner(), 2 * DAY_MS);
    const token = await put("taken.lock", dead, 2 * DAY_MS);
    await put(`taken.lock.${token}`, currentOwner(), 0);
    await sweepLocks(folder, stateOf);
    assert.equal((await readdir(folder)).length, 4);
  });

  it("is done when a lock is let go, and does no harm where there is no folder", async () => {
    await put("a.lock", { ...dead, boot: "another" }, 2 * DAY_MS);
    const taken = await new BuildLock(folder).acquire("key").next();
    assert.ok(taken.done === true);
    await taken.value.release();
    assert.deepEqual(await readdir(folder), []);
    await sweepLocks(join(folder, "nowhere"), stateOf);
  });
});
