import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { currentOwner, type Owner } from "../../owner";
import { BuildLock, type HeldLock, type LockEvent, type LockMachine } from "./BuildLock";

/** Processes that live and die as a test says, and a clock that runs only while somebody pauses. */
class Machines {
  readonly dead = new Set<number>();
  readonly foreign = new Set<number>();
  now = 1_000;
  /** What is repeated. */
  readonly beats = new Set<{ readonly ms: number; readonly action: () => void }>();
  /** Called in each pause. */
  onPause: () => Promise<void> | void = () => undefined;

  of(pid: number): Partial<LockMachine> {
    return {
      owner: () => ownerOf(pid),
      stateOf: (owner) => (this.dead.has(owner.pid) ? "dead" : this.foreign.has(owner.pid) ? "unknown" : "alive"),
      now: () => this.now,
      pause: async (ms, signal) => {
        this.now += ms;
        await setImmediate();
        await this.onPause();
        signal?.throwIfAborted();
      },
      repeat: (ms, action) => {
        const beat = { ms, action };
        this.beats.add(beat);
        return () => {
          this.beats.delete(beat);
        };
      },
    };
  }
}

function ownerOf(pid: number): Owner {
  return { ...currentOwner(), pid };
}

interface Taken {
  readonly lock: HeldLock;
  readonly events: readonly LockEvent[];
}

async function take(lock: BuildLock, key = "image", signal?: AbortSignal): Promise<Taken> {
  const taking = lock.acquire(key, { signal });
  const events: LockEvent[] = [];
  for (;;) {
    const next = await taking.next();
    if (next.done === true) {
      return { lock: next.value, events };
    }
    events.push(next.value);
  }
}

describe("BuildLock", () => {
  let folder: string;
  let machines: Machines;
  const lockOf = (pid: number): BuildLock => new BuildLock(folder, machines.of(pid));

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "slipway-lock-")), "cache", "locks");
    machines = new Machines();
  });

  afterEach(async () => {
    await rm(join(folder, "..", ".."), { recursive: true, force: true });
  });

  it("is taken at once when nobody has it, and leaves nothing behind", async () => {
    const { lock, events } = await take(lockOf(1));
    assert.deepEqual(events, []);
    assert.equal((await readdir(folder)).length, 1);
    await lock.release();
    assert.deepEqual(await readdir(folder), []);
    await lock.release();
  });

  it("makes who comes second wait, and tells him once for whom", async () => {
    const first = await take(lockOf(11));
    let pauses = 0;
    machines.onPause = async () => {
      pauses++;
      if (pauses === 5) {
        await first.lock.release();
      }
    };
    const second = await take(lockOf(22));
    assert.equal(pauses, 5);
    assert.deepEqual(second.events, [
      { type: "waiting", message: "Another Slipway (process 11) is building this image: waiting for it" },
    ]);
    await second.lock.release();
    assert.deepEqual(await readdir(folder), []);
  });

  it("knows a run of its own process from another one", async () => {
    const first = await take(lockOf(11));
    machines.onPause = first.lock.release;
    const { events, lock } = await take(lockOf(11));
    assert.match(events[0]?.message ?? "", /^Another run of this Slipway is building/);
    await lock.release();
  });

  it("keeps only the same key apart", async () => {
    const locks = await Promise.all(["a", "b", "../c", "a:b/c\0"].map(async (key) => take(lockOf(1), key)));
    assert.deepEqual(
      locks.flatMap(({ events }) => events),
      [],
    );
    await Promise.all(locks.map(async ({ lock }) => lock.release()));
    assert.deepEqual(await readdir(folder), []);
  });

  it("is taken over at once from a dead one, also from one who had taken it over", async () => {
    await take(lockOf(1));
    machines.dead.add(1);
    const second = await take(lockOf(2));
    assert.deepEqual(second.events, []);
    machines.dead.add(2);
    const third = await take(lockOf(3));
    let pauses = 0;
    machines.onPause = async () => {
      pauses++;
      await third.lock.release();
    };
    const fourth = await take(lockOf(4));
    assert.equal(pauses, 1);
    await fourth.lock.release();
    assert.deepEqual(await readdir(folder), []);
  });

  it("is not released by one from whom it was taken over", async () => {
    const first = await take(lockOf(1));
    machines.dead.add(1);
    const second = await take(lockOf(2));
    await first.lock.release();
    const cancel = new AbortController();
    machines.onPause = () => {
      cancel.abort();
    };
    await assert.rejects(take(lockOf(3), "image", cancel.signal), { name: "AbortError" });
    await second.lock.release();
  });

  it("is taken over from one that cannot be seen once it has been silent for 30 seconds", async () => {
    await take(lockOf(1));
    machines.foreign.add(1);
    const { events } = await take(lockOf(2));
    assert.equal(events.length, 1);
    assert.ok(machines.now > 31_000 && machines.now < 32_500, String(machines.now));
  });

  it("waits for one that cannot be seen as long as it refreshes its lock, whatever its clock says", async () => {
    await take(lockOf(1));
    machines.foreign.add(1);
    const [name = ""] = await readdir(folder);
    let year = 1980;
    machines.onPause = async () => {
      // Every 7.5 seconds or so; the last time after 300.
      if (machines.now < 300_000 && Math.floor(machines.now / 500) % 15 === 0) {
        const date = new Date(`${String(year++)}-01-01`);
        await utimes(join(folder, name), date, date);
      }
    };
    await take(lockOf(2));
    assert.ok(machines.now > 320_000 && machines.now < 335_000, String(machines.now));
  });

  it("takes no sleep of the machine for silence", async () => {
    await take(lockOf(1));
    machines.foreign.add(1);
    let slept = false;
    let pauses = 0;
    machines.onPause = () => {
      pauses++;
      machines.now += slept ? 0 : 3_600_000;
      slept = true;
    };
    await take(lockOf(2));
    assert.ok(pauses > 55, String(pauses));
  });

  it("waits two minutes for one that is there and stands still", async () => {
    await take(lockOf(1));
    await take(lockOf(2));
    assert.ok(machines.now > 121_000 && machines.now < 123_000, String(machines.now));
  });

  it("refreshes its lock every few seconds while it is held, and no longer once it is another's", async () => {
    const old = new Date("2001-01-01");
    const first = await take(lockOf(1));
    const [name = ""] = await readdir(folder);
    const file = join(folder, name);
    await utimes(file, old, old);
    const [beat] = machines.beats;
    assert.ok(beat !== undefined && beat.ms <= 10_000);
    beat.action();
    while ((await stat(file)).mtimeMs === old.getTime()) {
      await setImmediate();
    }
    machines.dead.add(1);
    const second = await take(lockOf(2));
    await utimes(file, old, old);
    beat.action();
    await first.lock.release();
    assert.equal((await stat(file)).mtimeMs, old.getTime());
    await second.lock.release();
    assert.equal(machines.beats.size, 0);
  });

  it("ends the waiting at once when it is cancelled, and leaves nothing of its own", async () => {
    const first = await take(lockOf(1));
    const before = await readdir(folder);
    const cancel = new AbortController();
    const real = new BuildLock(folder, { owner: () => ownerOf(2), stateOf: () => "alive" });
    const waiting = take(real, "image", cancel.signal);
    setTimeout(() => {
      cancel.abort(new Error("cancelled"));
    }, 130);
    const started = performance.now();
    await assert.rejects(waiting, /cancelled/);
    assert.ok(performance.now() - started < 400);
    assert.deepEqual(await readdir(folder), before);
    await assert.rejects(take(lockOf(3), "image", AbortSignal.abort()), { name: "AbortError" });
    await first.lock.release();
  });

  it("does without, and says so, where the folder cannot be made or written", async () => {
    await mkdir(join(folder, ".."), { recursive: true });
    await writeFile(folder, "a file");
    const { lock, events } = await take(lockOf(1));
    assert.deepEqual(
      events.map(({ type }) => type),
      ["warning"],
    );
    assert.match(events[0]?.message ?? "", /could not be taken in .*locks.* SLIPWAY_CACHE_DIR\.$/);
    await lock.release();
    assert.equal(await readFile(folder, "utf8"), "a file");
  });

  it("is nobody's once a holder that cannot be seen has been silent for an hour", async () => {
    machines.foreign.add(1);
    const { lock } = await take(lockOf(1));
    const [name = ""] = await readdir(folder);
    assert.equal(await lockOf(2).isHeld("image"), true);
    const longAgo = new Date(Date.now() - 3_700_000);
    await utimes(join(folder, name), longAgo, longAgo);
    assert.equal(await lockOf(2).isHeld("image"), false);
    machines.foreign.delete(1);
    assert.equal(await lockOf(2).isHeld("image"), true);
    await lock.release();
  });

  it("is nobody's where locks cannot be read", async () => {
    await mkdir(join(folder, ".."), { recursive: true });
    await writeFile(folder, "a file");
    assert.equal(await lockOf(1).isHeld("image"), false);
  });

  it("takes a file that says nothing for a lock that cannot be seen", async () => {
    const { lock } = await take(lockOf(1));
    const [name = ""] = await readdir(folder);
    for (const content of ["", "{", "null", '{"token":"../../x","owner":"1"}', "x".repeat(100_000)]) {
      machines.now = 0;
      await writeFile(join(folder, name), content);
      const next = await take(lockOf(2));
      assert.ok(machines.now > 30_000 && machines.now < 32_500, `${content.slice(0, 10)} ${String(machines.now)}`);
      await next.lock.release();
      assert.deepEqual(await readdir(folder), []);
    }
    await lock.release();
  });

  it("does not run in circles on a copy that leads back to itself", async () => {
    await take(lockOf(1));
    const [name = ""] = await readdir(folder);
    const content = await readFile(join(folder, name), "utf8");
    const { token } = JSON.parse(content) as { token: string };
    await writeFile(join(folder, `${name}.${token}`), content);
    machines.dead.add(1);
    const { events } = await take(lockOf(2));
    assert.deepEqual(
      events.map(({ type }) => type),
      ["warning"],
    );
  });

  it("is held by one at a time, however many contend and die with it", async function () {
    this.timeout(20_000);
    let holders = 0;
    let most = 0;
    let turns = 0;
    let pid = 100;
    const contend = async (seed: number): Promise<void> => {
      let random = seed;
      let own = pid++;
      for (let turn = 0; turn < 25; turn++) {
        const { lock } = await take(lockOf(own));
        holders++;
        turns++;
        most = Math.max(most, holders);
        await setImmediate();
        await setImmediate();
        holders--;
        random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
        if (random % 3 === 0) {
          machines.dead.add(own);
          own = pid++;
        } else {
          await lock.release();
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, async (_, seed) => contend(seed + 1)));
    assert.deepEqual([most, turns], [1, 200]);
  });
});
