import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { BuildLock } from "./BuildLock";
import { whileLocked } from "./whileLocked";

describe("whileLocked", () => {
  let folder: string;
  const toEvent = ({ type }: { readonly type: string }): string => type;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-lock-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("holds the lock while it works, passes on events and the result, and tells who has waited", async () => {
    const lock = new BuildLock(folder);
    let inside = 0;
    const run = async (): Promise<readonly unknown[]> => {
      const events = whileLocked({ lock, key: "image", toEvent }, async function* (waited) {
        assert.equal(++inside, 1);
        assert.equal((await readdir(folder)).length, 1);
        yield "working";
        await setTimeout(60);
        inside--;
        return waited;
      });
      const seen: unknown[] = [];
      for (;;) {
        const next = await events.next();
        seen.push(next.value);
        if (next.done === true) {
          return seen;
        }
      }
    };
    const [first, second] = await Promise.all([run(), run()]);
    assert.deepEqual(
      [first, second].sort((a, b) => a.length - b.length),
      [
        ["working", false],
        ["waiting", "working", true],
      ],
    );
    assert.deepEqual(await readdir(folder), []);
  });

  it("releases the lock when the work fails, and when its events are left", async () => {
    const lock = new BuildLock(folder);
    const work = async function* (): AsyncGenerator<string, void> {
      yield await Promise.resolve("working");
      throw new Error("it failed");
    };
    const events = whileLocked({ lock, key: "image", toEvent }, work);
    await events.next();
    await assert.rejects(events.next(), /it failed/);
    assert.deepEqual(await readdir(folder), []);
    for await (const event of whileLocked({ lock, key: "image", toEvent }, work)) {
      assert.equal(event, "working");
      assert.equal((await readdir(folder)).length, 1);
      break;
    }
    assert.deepEqual(await readdir(folder), []);
  });
});
