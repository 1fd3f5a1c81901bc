import assert from "node:assert/strict";
import { createServer } from "node:net";
import { FakeContainerEngine } from "../../../../test/fake/FakeContainerEngine";
import { BASIC } from "../../../../test/conformance/programs/basicPrograms";
import { conformancePrograms } from "../../../../test/conformance/conformancePrograms";
import { ContainerStartError, GpuUnavailableError, PortInUseError } from "../../errors/containerErrors";
import { LABEL } from "../../labels";
import type { ContainerSpec } from "../../ports/ContainerTypes";
import type { PreparedSpec } from "./containerSpec";
import { makeContainer, type MadeContainer, type MakeContainerOptions } from "./makeContainer";

const NO_GPU = 'could not select device driver "" with capabilities: [[gpu]]';

describe("makeContainer", () => {
  let engine: FakeContainerEngine;
  let specs: ContainerSpec[];
  let withGpus: Map<string, boolean>;

  beforeEach(() => {
    engine = new FakeContainerEngine({ images: ["busybox"], programs: conformancePrograms });
    specs = [];
    withGpus = new Map();
    const create = engine.createContainer.bind(engine);
    engine.createContainer = async (spec, options) => {
      const id = await create(spec, options);
      specs.push(spec);
      withGpus.set(id, spec.gpus === true);
      return id;
    };
  });

  /** As an engine without GPUs does: it finds that before it looks for the program. */
  const withoutGpus = (): void => {
    const start = engine.startContainer.bind(engine);
    engine.startContainer = async (id, options) => {
      if (withGpus.get(id) === true) {
        throw new ContainerStartError(undefined, NO_GPU);
      }
      await start(id, options);
    };
  };
  const prepared = (spec: Partial<PreparedSpec["spec"]> = {}, rest: Partial<PreparedSpec> = {}): PreparedSpec => ({
    spec: {
      ...{ image: "busybox", workingDirectory: "/workspace", env: {}, labels: { mine: "yes" }, mounts: [], ports: [] },
      ...spec,
    },
    ...{ entrypoint: undefined, gpusOptional: false, mode: "bind", runHash: "", warnings: [], execUser: undefined },
    files: undefined,
    ...rest,
  });
  const make = async (options: Partial<MakeContainerOptions> = {}): Promise<MadeContainer> =>
    makeContainer({
      ...{ engine, prepared: prepared(), name: "a", command: BASIC.trap.argv, start: true },
      labels: { [LABEL.name]: "a", [LABEL.kind]: "warm" },
      ...options,
    });
  const left = async (): Promise<readonly string[]> =>
    (await engine.listContainers({ labels: {} })).map(({ name }) => name);

  it("starts it only where that is asked for, with the labels of both", async () => {
    const { id } = await make({ start: false });
    const details = await engine.inspectContainer(id);
    assert.deepEqual(
      [details?.state, details?.labels["mine"], details?.labels[LABEL.kind]],
      ["created", "yes", "warm"],
    );
    const { id: started } = await make({ name: "b" });
    assert.equal((await engine.inspectContainer(started))?.state, "running");
  });

  it("runs the image's own command behind the entrypoint, in the image's own folder", async () => {
    await make({ command: undefined, start: false, prepared: prepared({}, { entrypoint: ["init"] }) });
    assert.deepEqual([specs[0]?.entrypoint, specs[0]?.workingDirectory], [["init"], undefined]);
    await make({ name: "b", prepared: prepared({}, { entrypoint: ["init"] }) });
    assert.deepEqual([specs[1]?.entrypoint, specs[1]?.workingDirectory], [undefined, "/workspace"]);
  });

  it("leaves nothing when it cannot be started, and says of a port that it is in use", async () => {
    await assert.rejects(make({ command: ["missing"] }), (error: unknown) => {
      assert.ok(error instanceof ContainerStartError);
      assert.deepEqual(error.command, ["missing"]);
      return true;
    });
    const server = createServer();
    const hostPort = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    try {
      engine.startContainer = async () => Promise.reject(new ContainerStartError(undefined, "address in use"));
      const ports = [{ containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort }] as const;
      await assert.rejects(make({ prepared: prepared({ ports }) }), PortInUseError);
    } finally {
      server.close();
    }
    assert.deepEqual(await left(), []);
  });

  it("goes without GPUs where they are optional, and says so", async () => {
    withoutGpus();
    for (const start of [true, false]) {
      const { id, warnings } = await make({
        ...{ name: `a${String(start)}`, start, prepared: prepared({ gpus: true }, { gpusOptional: true }) },
      });
      assert.match(warnings.join("\n"), /no GPU/);
      assert.equal(specs.at(-1)?.gpus, false);
      assert.equal((await engine.inspectContainer(id))?.running, start);
    }
    assert.deepEqual((await left()).toSorted(), ["afalse", "atrue"]);
    // What looked for GPUs can be told as Slipway's, were it left.
    const probe = specs.find(({ name }) => name === "afalse-gpus");
    assert.deepEqual([probe?.labels[LABEL.kind], probe?.labels["mine"]], ["warm", undefined]);
  });

  it("has them where there are some, or fails where they are required", async () => {
    const { warnings } = await make({ prepared: prepared({ gpus: true }, { gpusOptional: true }), start: false });
    assert.deepEqual([warnings, specs.at(-1)?.gpus], [[], true]);
    withoutGpus();
    await assert.rejects(make({ name: "b", prepared: prepared({ gpus: true }) }), GpuUnavailableError);
    assert.deepEqual(await left(), ["a"]);
  });

  it("fails as ever where optional GPUs are not to blame", async () => {
    withoutGpus();
    const optional = prepared({ gpus: true }, { gpusOptional: true });
    await assert.rejects(make({ prepared: optional, command: ["missing"] }), ContainerStartError);
    assert.deepEqual(await left(), []);
  });

  it("makes nothing that is not wanted any more", async () => {
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const files = async function* (): AsyncGenerator<Uint8Array> {
      controller.abort(reason);
      await Promise.resolve();
      yield new Uint8Array();
    };
    await assert.rejects(make({ prepared: prepared({}, { files }), signal: controller.signal }), reason);
    await assert.rejects(make({ signal: controller.signal }), reason);
    assert.deepEqual(await left(), []);
  });
});
