import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeContainerEngine } from "../../../../test/fake/FakeContainerEngine";
import type { FakeProgram } from "../../../../test/fake/FakeProgram";
import { whenAborted } from "../../../../test/conformance/programs/whenAborted";
import { warmPrograms } from "../../../../test/fake/warmPrograms";
import { ContainerNameInUseError, ContainerNotRunningError, PortInUseError } from "../../errors/containerErrors";
import { LABEL } from "../../labels";
import { currentOwner } from "../../owner";
import type { ContainerSpec } from "../../ports/ContainerTypes";
import { workspaceOf } from "../../Workspace";
import { acquireContainer, type AcquiredContainer, type AcquireOptions } from "./acquireContainer";
import { ContainerMarks, warmFolder, type Processes } from "./ContainerMarks";
import { discardContainer } from "./discardContainer";
import { idleLimit, keepAliveCommand, NO_SLEEP } from "./keepAlive";
import { preparedSpec } from "../../../../test/fake/preparedSpec";

const KEEP = 60_000;

describe("acquireContainer", () => {
  const workspace = workspaceOf("/somewhere/app");
  let engine: FakeContainerEngine;
  let cache: string;
  const acquired: AcquiredContainer[] = [];

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "slipway-warm-"));
    engine = new FakeContainerEngine({ images: ["busybox"], programs: warmPrograms(KEEP, 0) });
  });
  afterEach(async () => {
    await Promise.all(acquired.splice(0).map(async (each) => each.release("warm")));
    await rm(cache, { recursive: true, force: true });
  });

  const acquire = async (
    options: Partial<AcquireOptions> & { readonly spec?: Partial<ContainerSpec>; readonly imageId?: string } = {},
    processes?: Processes,
  ): Promise<AcquiredContainer> => {
    const { spec = {}, imageId = "sha256:1", ...others } = options;
    const container = await acquireContainer(
      {
        ...{ engine, workspace, cacheFolder: cache, keepWarmMs: KEEP, session: "s" },
        prepared: preparedSpec(spec),
        image: { reference: "busybox", imageId, fingerprint: undefined },
        ...others,
      },
      processes,
    );
    acquired.push(container);
    return container;
  };
  const containers = async (): Promise<readonly string[]> =>
    (await engine.listContainers({ labels: {} })).map(({ id }) => id);
  const marksOf = ({ name }: AcquiredContainer): ContainerMarks => new ContainerMarks(cache, name);
  const asProcess = (pid: number, dead: ReadonlySet<number>): Processes => ({
    own: () => ({ ...currentOwner(), pid }),
    stateOf: (owner) => (dead.has(owner.pid) ? "dead" : "alive"),
  });

  it("makes one at first, and then takes it as it is, with a single call", async () => {
    const first = await acquire();
    assert.deepEqual([first.reused, first.shell, first.replaced], [false, "sh", undefined]);
    assert.deepEqual(await first.release("warm"), []);
    engine.calls.length = 0;
    const second = await acquire();
    assert.deepEqual([second.id, second.reused, second.replaced], [first.id, true, undefined]);
    assert.deepEqual(await second.release("warm"), []);
    assert.deepEqual(await second.release("remove"), []);
    assert.deepEqual(engine.calls, ["inspectContainer"]);
    assert.deepEqual(await containers(), [first.id]);
  });

  it("is of the workspace, the image, the options and the time it is kept for", async () => {
    const first = await acquire();
    const others = [
      await acquire({ workspace: workspaceOf("/elsewhere/app") }),
      await acquire({ imageId: "sha256:2" }),
      await acquire({ spec: { env: { A: "1" } } }),
      await acquire({ keepWarmMs: 0 }),
    ];
    assert.equal(new Set([first, ...others].map(({ name }) => name)).size, 5);
    assert.match(first.name, /^slipway-app-[0-9a-f]{8}$/);
  });

  it("takes the place of one that nobody uses any more, and says why", async () => {
    const secret = "hunter2hunter2";
    const first = await acquire({ spec: { env: { CI: "1", TOKEN: secret } } });
    await first.release("warm");
    const second = await acquire({ spec: { env: { CI: "2", TOKEN: secret }, resources: { memoryBytes: 1 } } });
    assert.equal(second.replaced, "run options changed: env CI, memory");
    await second.release("warm");
    assert.deepEqual(await containers(), [second.id]);
    const third = await acquire({
      imageId: "sha256:2",
      spec: { env: { CI: "2", TOKEN: secret }, resources: { memoryBytes: 1 } },
    });
    assert.equal(third.replaced, "image rebuilt");
    await third.release("warm");
    assert.deepEqual(await containers(), [third.id]);
    const kept = await filesBelow(cache);
    assert.ok(kept.length > 0 && kept.every((text) => !text.includes(secret)));
  });

  it("leaves alone one that is superseded while it is in use, until the next one that makes room", async () => {
    const old = await acquire();
    const now = await acquire({ imageId: "sha256:2" });
    await now.release("warm");
    assert.deepEqual((await containers()).length, 2);
    await old.release("warm");
    const again = await acquire({ imageId: "sha256:2" });
    assert.ok(again.reused);
    await again.release("warm");
    assert.deepEqual(await containers(), [now.id]);
  });

  it("starts again one that has ended, set-up and all", async () => {
    const first = await acquire();
    await first.setup.write("d");
    await first.release("warm");
    await engine.stopContainer(first.id, { graceSeconds: 0 });
    const second = await acquire();
    assert.deepEqual([second.id, second.reused, await second.setup.read()], [first.id, true, "d"]);
    await second.release("warm");
    await engine.removeContainer(first.id);
    const third = await acquire();
    assert.deepEqual([third.reused, await third.setup.read()], [false, undefined]);
  });

  it("is removed with a keepWarm of 0, but not under another run", async () => {
    const first = await acquire({ keepWarmMs: 0 });
    const second = await acquire({ keepWarmMs: 0 });
    assert.equal(second.id, first.id);
    await first.release("warm");
    assert.deepEqual(await containers(), [first.id]);
    await second.release("warm");
    assert.deepEqual(await containers(), []);
    assert.ok((await readdir(warmFolder(cache))).every((name) => !name.startsWith("slipway-")));
  });

  it("is removed at the end when any of its users has asked for that", async () => {
    const first = await acquire();
    const second = await acquire();
    await first.release("remove");
    assert.deepEqual(await containers(), [first.id]);
    await second.release("warm");
    assert.deepEqual(await containers(), []);
  });

  it("stays after a failure, superseded or not, until its task runs again or it is discarded", async () => {
    const failed = await acquire({ keepWarmMs: 0, task: "test" });
    assert.deepEqual(await failed.release("keep"), []);
    const other = await acquire({ task: "lint" });
    await other.release("warm");
    assert.equal((await containers()).length, 2);
    const again = await acquire({ task: "test" });
    await again.release("warm");
    assert.deepEqual(await containers(), [other.id]);
    const failedAgain = await acquire({ task: "test" });
    await failedAgain.release("keep");
    const { id, name } = failedAgain;
    assert.deepEqual(await discardContainer({ engine, cacheFolder: cache, container: { id, name } }), []);
    assert.deepEqual(await containers(), []);
  });

  it("makes a new one when that is asked for, unless the old one is in use", async () => {
    const first = await acquire();
    const second = await acquire({ fresh: true });
    assert.equal(second.id, first.id);
    assert.match(second.warnings.join(), /is used as it is, since another run is using it/);
    await first.release("warm");
    await second.release("warm");
    const third = await acquire({ fresh: true });
    assert.notEqual(third.id, first.id);
    assert.deepEqual([third.reused, third.replaced], [false, "a new one was asked for"]);
  });

  it("says that there is no shell, leaves nothing, and does not try again", async () => {
    engine = new FakeContainerEngine({ images: ["busybox"] });
    const first = await acquire();
    assert.deepEqual([first.shell, first.id], ["none", ""]);
    assert.deepEqual(await first.release("warm"), []);
    assert.deepEqual(await containers(), []);
    engine.calls.length = 0;
    assert.equal((await acquire()).shell, "none");
    assert.deepEqual(engine.calls, []);
  });

  it("names the port that is in use, and leaves nothing", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const hostPort = typeof address === "object" && address !== null ? address.port : 0;
    engine = new FakeContainerEngine({
      ...{ images: ["busybox"], programs: warmPrograms(KEEP), portsInUse: [hostPort] },
    });
    try {
      const ports = [{ containerPort: 80, protocol: "tcp" as const, hostIp: "127.0.0.1", hostPort }];
      await assert.rejects(acquire({ spec: { ports } }), PortInUseError);
      assert.deepEqual(await containers(), []);
      const names = await readdir(warmFolder(cache));
      const marks = await Promise.all(names.map(async (name) => new ContainerMarks(cache, name).read()));
      assert.deepEqual(marks.flat(), []);
    } finally {
      server.close();
    }
  });

  it("is stopped by its last user where it does not end by itself", async () => {
    const command = keepAliveCommand(idleLimit(KEEP));
    const sleepless: FakeProgram = async ({ write, terminate }) => {
      write("stdout", `${NO_SLEEP}\n`);
      await whenAborted(terminate);
      return 0;
    };
    engine = new FakeContainerEngine({ images: ["busybox"], programs: { [JSON.stringify(command)]: sleepless } });
    const first = await acquire();
    const second = await acquire();
    assert.deepEqual(await first.release("warm"), []);
    assert.equal((await engine.inspectContainer(first.id))?.state, "running");
    assert.deepEqual(await second.release("warm"), []);
    assert.equal((await engine.inspectContainer(first.id))?.state, "exited");
    const third = await acquire();
    assert.equal(third.id, first.id);
    await third.release("warm");
    assert.equal((await engine.inspectContainer(first.id))?.state, "exited");
  });

  it("takes no container of somebody else's for its own", async () => {
    const { name } = await acquire();
    await engine.removeContainer(name);
    const id = await engine.createContainer({
      ...preparedSpec({}).spec,
      name,
      command: ["/bin/sh", "-c", ":"],
      labels: {},
    });
    await assert.rejects(acquire(), ContainerNameInUseError);
    assert.deepEqual(await containers(), [id]);
  });

  it("says that somebody has paused it", async () => {
    const { id } = await acquire();
    await engine.pauseContainer(id);
    await assert.rejects(acquire(), ContainerNotRunningError);
  });

  it("is made once when several want one at the same time", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, async () => acquire()));
    assert.equal(new Set(all.map(({ id }) => id)).size, 1);
    assert.equal(all.filter(({ reused }) => !reused).length, 1);
    assert.equal(engine.calls.filter((call) => call === "startContainer").length, 1);
    await Promise.all(all.map(async (each) => each.release("warm")));
    assert.deepEqual(await containers(), [all[0]?.id]);
  });

  it("takes over one that was half made when its maker died", async () => {
    const dead = new Set<number>();
    const start = engine.startContainer.bind(engine);
    engine.startContainer = async () => new Promise<void>(() => undefined);
    void acquire({}, asProcess(1, dead));
    while ((await containers()).length === 0) {
      await new Promise(setImmediate);
    }
    const waiting = acquire({}, asProcess(2, dead));
    await new Promise((resolve) => setTimeout(resolve, 120));
    assert.equal(engine.calls.filter((call) => call === "createContainer").length, 1);
    engine.startContainer = start;
    dead.add(1);
    const second = await waiting;
    assert.equal(second.reused, false);
    assert.deepEqual(await containers(), [second.id]);
  });

  it("is started anew when its last user died in it, and only then", async () => {
    const dead = new Set<number>();
    const first = await acquire({}, asProcess(1, dead));
    const second = await acquire({}, asProcess(2, dead));
    dead.add(1);
    engine.calls.length = 0;
    await acquire({}, asProcess(3, dead));
    assert.ok(!engine.calls.includes("restartContainer"));
    dead.add(2).add(3);
    const last = await acquire({}, asProcess(4, dead));
    assert.deepEqual([last.id, last.reused], [first.id, true]);
    assert.equal(engine.calls.filter((call) => call === "restartContainer").length, 1);
    assert.deepEqual((await marksOf(second).read()).filter(({ kind }) => kind === "lease").length, 1);
  });

  it("goes on, and says so, where nothing can be written down", async () => {
    await rm(cache, { recursive: true });
    await writeFile(cache, "a file");
    const first = await acquire();
    assert.match(first.warnings.join(), /SLIPWAY_CACHE_DIR/);
    await first.release("warm");
    assert.deepEqual(await containers(), [first.id]);
    const second = await acquire();
    assert.equal(second.id, first.id);
    await second.release("remove");
    assert.deepEqual(await containers(), []);
    await rm(cache);
    await mkdir(cache);
  });

  it("keeps set-ups in one container apart", async () => {
    const first = await acquire();
    const second = await acquire();
    const lock = await first.setup.lock();
    let taken = false;
    const waiting = second.setup.lock().then(async (other) => {
      taken = true;
      await other.release();
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(taken, false);
    await lock.release();
    await waiting;
    assert.equal(taken, true);
  });

  it("leaves nothing when it is cancelled", async () => {
    const cancel = new AbortController();
    const create = engine.createContainer.bind(engine);
    engine.createContainer = async (spec) => {
      cancel.abort();
      return create(spec);
    };
    await assert.rejects(acquire({ signal: cancel.signal }), { name: "AbortError" });
    assert.deepEqual(await containers(), []);
  });

  it("is the one of its users, whoever comes, goes and dies in whatever order", async function () {
    this.timeout(60_000);
    for (let seed = 1; seed <= 4; seed++) {
      await interleave(seed);
    }
  });

  /** Several processes that take turns at every call to the engine; some die at one of those, and are never heard of again. */
  async function interleave(seed: number): Promise<void> {
    let random = seed;
    const chance = (below: number): number => {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((random / 2 ** 31) * below);
    };
    const dead = new Set<number>();
    const shared = new FakeContainerEngine({ images: ["busybox"], programs: warmPrograms(KEEP, 0) });
    const folder = join(cache, String(seed));
    let pid = 1000;

    const life = async (): Promise<void> => {
      const own = pid++;
      const mortal = new Proxy(shared, {
        get: (target, property) => {
          const value: unknown = Reflect.get(target, property);
          return typeof value !== "function"
            ? value
            : async (...given: unknown[]): Promise<unknown> => {
                for (let turns = chance(4); turns > 0; turns--) {
                  await new Promise(setImmediate);
                }
                if (chance(40) === 0) {
                  dead.add(own);
                }
                return dead.has(own) ? new Promise(() => undefined) : (Reflect.apply(value, target, given) as unknown);
              };
        },
      });
      for (let round = 0; round < 6; round++) {
        const held = await acquireContainer(
          {
            ...{
              engine: mortal,
              workspace,
              cacheFolder: folder,
              keepWarmMs: KEEP,
              session: "s",
              task: `t${String(chance(2))}`,
            },
            prepared: preparedSpec({ env: { KEY: String(chance(2)) } }),
            image: { reference: "busybox", imageId: "sha256:1", fingerprint: undefined },
            fresh: chance(6) === 0,
          },
          asProcess(own, dead),
        );
        for (let turns = chance(6); turns > 0; turns--) {
          await new Promise(setImmediate);
          const details = await shared.inspectContainer(held.id);
          if (dead.has(own)) {
            // In what it does beside its run.
            await new Promise(() => undefined);
          }
          assert.equal(details?.name, held.name, `seed ${String(seed)}: it was removed while it was in use`);
          assert.equal(details.running, true, `seed ${String(seed)}: it was stopped while it was in use`);
        }
        await held.release((["warm", "warm", "remove", "keep"] as const)[chance(4)] ?? "warm");
      }
    };
    // The dead never come to their end.
    let open = 0;
    const failures: unknown[] = [];
    for (let count = 0; count < 5; count++) {
      open++;
      void life().then(
        () => open--,
        (error: unknown) => failures.push(error),
      );
    }
    while (open > dead.size && failures.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.deepEqual(failures, []);
    const last = await acquireContainer({
      ...{ engine: shared, workspace, cacheFolder: folder, keepWarmMs: KEEP, session: "s" },
      prepared: preparedSpec({ env: { KEY: "0" } }),
      image: { reference: "busybox", imageId: "sha256:1", fingerprint: undefined },
    });
    assert.equal((await shared.inspectContainer(last.id))?.running, true);
    await last.release("warm");
    const left = await shared.listContainers({ labels: {} });
    const names = left.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.every((name, index) => left[index]?.labels[LABEL.name] === name));
  }
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => readFile(join(entry.parentPath, entry.name), "utf8")),
  );
}
