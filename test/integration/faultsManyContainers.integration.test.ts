import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { get } from "node:http";
import { ContainerList } from "../../src/core/container/ContainerList";
import { ContainerManager } from "../../src/core/container/ContainerManager";
import { containerLabels, LABEL } from "../../src/core/labels";
import type { ContainerEngine, ListContainersOptions } from "../../src/core/ports/ContainerEngine";
import type { ContainerSpec } from "../../src/core/ports/ContainerTypes";
import { workspaceOf } from "../../src/core/Workspace";
import { until } from "../conformance/until";
import { inBatches } from "../faults/inBatches";
import { isPodman } from "./isPodman";
import { testEngines } from "./testEngines";

/** Podman takes a tenth of a second and more to make one and, for each that it lists, to look at it: fewer there. */
const COUNTS = { docker: 1_000, podman: 200 };
const AT_ONCE = 10;
const LISTED_WITHIN_MS = 500;
/** What is ours of the time that a list takes, in milliseconds. */
const OUR_SHARE_MS = 200;
const CHANGED = 10;

// The rootless one is the same Podman as another of the farm's, and slower still.
for (const { name, address, connect } of testEngines().filter((engine) => engine.name !== "podman-rootless")) {
  const kind = isPodman(address) ? "podman" : "docker";
  const count = COUNTS[kind];

  describe(`${String(count)} containers on ${name}`, function () {
    this.timeout(240_000);
    const workspace = workspaceOf(`/slipway-test-many/${randomBytes(4).toString("hex")}`);
    const engine = connect();
    const labels = containerLabels(workspace);
    const made: string[] = [];

    const spec = (index: number): ContainerSpec => {
      const own = `slipway-test-many-${randomBytes(4).toString("hex")}-${String(index)}`;
      return {
        ...{
          image: "busybox",
          name: own,
          command: ["true"],
          workingDirectory: undefined,
          env: {},
          mounts: [],
          ports: [],
        },
        labels: { ...labels, [LABEL.name]: own, [LABEL.kind]: "task" },
        network: "none",
      };
    };

    before(async () => {
      await inBatches(count, AT_ONCE, async (index) => made.push(await engine.createContainer(spec(index))));
    });
    after(async () => {
      await inBatches(made.length, AT_ONCE, async (index) => engine.removeContainer(made[index] ?? ""));
      await engine.close();
    });

    it(`are listed within ${String(LISTED_WITHIN_MS)} ms, of which we take a small part`, async () => {
      await engine.info();
      const ours = await fastest(async () => {
        assert.equal((await engine.listContainers({ labels })).length, count);
      });
      const theirs = await fastest(async () => askRaw(address, labels));
      assert.ok(ours < LISTED_WITHIN_MS, `it took ${String(ours)} ms, the engine alone ${String(theirs)} ms`);
      assert.ok(ours - theirs < OUR_SHARE_MS, `it took ${String(ours)} ms, the engine alone ${String(theirs)} ms`);
    });

    it("are known from events alone, once they were listed", async () => {
      const asked: ListContainersOptions[] = [];
      const counting = new Proxy(engine, {
        get: (target, property) =>
          property === "listContainers"
            ? async (options: ListContainersOptions) => {
                asked.push(options);
                return target.listContainers(options);
              }
            : bound(target, property as keyof ContainerEngine),
      });
      const list = new ContainerList(new ContainerManager(counting, workspace));
      const controller = new AbortController();
      let listening = false;
      const watching = (async () => {
        for await (const event of engine.watchEvents({ labels: { [LABEL.kind]: "task" }, signal: controller.signal })) {
          listening ||= event.kind === "listening";
          list.note(event);
          await list.update();
        }
      })();
      watching.catch(() => undefined);
      try {
        await until(async () => Promise.resolve(listening && list.current.length === count));
        asked.length = 0;
        const removed = made.splice(0, CHANGED);
        const started = made.slice(0, CHANGED);
        await inBatches(CHANGED, 5, async (index) => engine.startContainer(started[index] ?? ""));
        await inBatches(CHANGED, 5, async (index) => engine.removeContainer(removed[index] ?? ""));
        const stateOf = (id: string): string | undefined => list.current.find((each) => each.id === id)?.state;
        const behind = (): readonly string[] => [
          ...removed.filter((id) => stateOf(id) !== undefined).map((id) => `${id} is removed`),
          ...started
            .filter((id) => stateOf(id) !== "exited")
            .map((id) => `${id} has ended, not ${String(stateOf(id))}`),
        ];
        await until(async () => Promise.resolve(behind().length === 0)).catch(() => undefined);
        assert.deepEqual(behind(), []);
        assert.equal(list.current.length, count - CHANGED);
        assert.ok(asked.length > 0);
        assert.ok(
          asked.every(({ ids }) => ids !== undefined && ids.length <= 2 * CHANGED),
          JSON.stringify(asked),
        );
      } finally {
        controller.abort();
        await watching.catch(() => undefined);
      }
    });
  });
}

function bound(engine: ContainerEngine, property: keyof ContainerEngine): unknown {
  const value: unknown = Reflect.get(engine, property);
  return typeof value === "function" ? (value.bind(engine) as unknown) : value;
}

async function fastest(action: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const since = performance.now();
    await action();
    best = Math.min(best, performance.now() - since);
  }
  return best;
}

/** The same question without us: until the last byte, none of them read. */
async function askRaw(address: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const label = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const path = `/containers/json?all=true&filters=${encodeURIComponent(JSON.stringify({ label }))}`;
  await new Promise<void>((resolve, reject) => {
    get({ socketPath: address.replace(/^unix:\/\//, ""), path, agent: false }, (response) => {
      response.resume().once("end", resolve).once("error", reject);
    }).once("error", reject);
  });
}
