import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { conformancePrograms } from "../../../test/conformance/conformancePrograms";
import { BASIC } from "../../../test/conformance/programs/basicPrograms";
import { ContainerStartError, PortInUseError } from "../errors/containerErrors";
import { EngineLostError } from "../errors/engineErrors";
import { workspaceLabels } from "../labels";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import type { FakeEngineOptions } from "../../../test/fake/FakeEngineOptions";
import { preparedSpec } from "../../../test/fake/preparedSpec";
import { workspaceOf } from "../Workspace";
import { runTask, type RunTaskOptions } from "./runTask";
import type { TaskEvent } from "./TaskEvent";

describe("runTask", () => {
  const workspace = workspaceOf("/somewhere/app");
  const newEngine = (options: FakeEngineOptions = {}): FakeContainerEngine =>
    new FakeContainerEngine({ images: ["busybox"], programs: conformancePrograms, ...options });
  const optionsOf = (engine: FakeContainerEngine, overrides: Partial<RunTaskOptions> = {}): RunTaskOptions => ({
    engine,
    workspace,
    prepared: preparedSpec({}),
    fingerprint: undefined,
    command: BASIC.both.argv,
    task: "both",
    session: "session",
    keep: false,
    ...overrides,
  });
  const collect = async (options: RunTaskOptions, onEvent: (event: TaskEvent) => void = () => undefined) => {
    const events: TaskEvent[] = [];
    for await (const event of runTask(options)) {
      events.push(event);
      onEvent(event);
    }
    return events;
  };
  const containers = async (engine: FakeContainerEngine) =>
    engine.listContainers({ labels: workspaceLabels(workspace) });

  it("tells of the container, the output and the exit code, and removes the container", async () => {
    const engine = newEngine();
    const events = await collect(optionsOf(engine));
    assert.deepEqual(
      events.map(({ type }) => type),
      ["container", "output", "output", "exit"],
    );
    const exit = events.at(-1);
    assert.equal(exit?.type === "exit" ? exit.code : undefined, 3);
    assert.deepEqual(await containers(engine), []);
  });

  it("lets go of the output that nobody reads when the start fails", async () => {
    const engine = newEngine();
    const signals: (AbortSignal | undefined)[] = [];
    const attach = engine.attachContainer.bind(engine);
    engine.attachContainer = async (id, options) => {
      signals.push(options?.signal);
      return attach(id, options);
    };
    await assert.rejects(collect(optionsOf(engine, { command: BASIC.missing.argv })), ContainerStartError);
    assert.deepEqual(
      signals.map((signal) => signal?.aborted),
      [true],
    );
  });

  it("attaches before it starts, so that no output is lost", async () => {
    const engine = newEngine();
    await collect(optionsOf(engine));
    assert.ok(engine.calls.indexOf("attachContainer") < engine.calls.indexOf("startContainer"));
  });

  it("puts files into the container before its program runs", async () => {
    const engine = newEngine();
    const fill = async function* (id: string): AsyncGenerator<TaskEvent> {
      yield { type: "warning", message: (await engine.inspectContainer(id))?.state ?? "" };
    };
    const [first] = await collect(optionsOf(engine, { fill }));
    assert.deepEqual(first, { type: "warning", message: "created" });
  });

  it("keeps the container when told to, with labels that say whose it is", async () => {
    const engine = newEngine();
    await collect(optionsOf(engine, { keep: true, fingerprint: "f" }));
    const [container] = await containers(engine);
    assert.equal(container?.state, "exited");
    assert.equal(container.labels["dev.slipway.task"], "both");
    assert.equal(container.labels["dev.slipway.fingerprint"], "f");
    assert.match(container.name, /^slipway-app-both-[0-9a-f]{8}$/);
  });

  it("runs the image's own command in the image's own folder", async () => {
    const engine = newEngine({
      programs: {
        '["sh"]': ({ write, workingDirectory }) => {
          write("stdout", workingDirectory);
          return 0;
        },
      },
    });
    const events = await collect(optionsOf(engine, { command: undefined }));
    assert.deepEqual(
      events.flatMap((event) => (event.type === "output" ? [event.text] : [])),
      ["/"],
    );
  });

  it("when cancelled lets the task say its last words, and removes the container", async () => {
    const engine = newEngine();
    const controller = new AbortController();
    const seen: string[] = [];
    const running = collect(
      optionsOf(engine, { command: BASIC.trap.argv, signal: controller.signal, keep: true }),
      (event) => {
        if (event.type === "output") {
          seen.push(event.text);
          controller.abort();
        }
      },
    );
    await assert.rejects(running, { name: "AbortError" });
    assert.deepEqual(seen, ["ready\n", "bye\n"]);
    assert.deepEqual(await containers(engine), []);
  });

  it("removes the container when the loop is left", async () => {
    const engine = newEngine();
    for await (const event of runTask(optionsOf(engine, { command: BASIC.trap.argv, keep: true }))) {
      if (event.type === "output") {
        break;
      }
    }
    assert.deepEqual(await containers(engine), []);
  });

  it("removes the container when it is cancelled between creating and starting it", async () => {
    for (const call of ["createContainer", "attachContainer", "startContainer", "inspectContainer"] as const) {
      const controller = new AbortController();
      const engine = newEngine();
      const original = engine[call].bind(engine) as (...args: readonly unknown[]) => Promise<unknown>;
      Object.assign(engine, {
        [call]: async (...args: readonly unknown[]) => {
          const result = await original(...args);
          controller.abort();
          return result;
        },
      });
      await assert.rejects(collect(optionsOf(engine, { command: BASIC.trap.argv, signal: controller.signal })), {
        name: "AbortError",
      });
      assert.deepEqual(await containers(engine), [], call);
    }
  });

  it("names the command that cannot be started, and removes the container", async () => {
    const engine = newEngine();
    await assert.rejects(collect(optionsOf(engine, { command: BASIC.missing.argv })), (error: unknown) => {
      assert.ok(error instanceof ContainerStartError);
      assert.deepEqual(error.command, BASIC.missing.argv);
      return true;
    });
    assert.deepEqual(await containers(engine), []);
  });

  it("names the port that is in use", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const engine = newEngine({ portsInUse: [port] });
      const ports = [{ containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: port }] as const;
      await assert.rejects(collect(optionsOf(engine, { prepared: preparedSpec({ ports }) })), (error: unknown) => {
        assert.ok(error instanceof PortInUseError);
        assert.equal(error.port, port);
        return true;
      });
      assert.deepEqual(await containers(engine), []);
    } finally {
      server.close();
    }
  });

  it("takes an engine that goes away for no success", async () => {
    const engine = newEngine();
    const running = collect(optionsOf(engine, { command: BASIC.trap.argv }), (event) => {
      if (event.type === "output") {
        engine.lose();
      }
    });
    await assert.rejects(running, EngineLostError);
  });

  it("says when the container could not be removed, with how to do it", async () => {
    const engine = newEngine();
    engine.removeContainer = async () => {
      await Promise.resolve();
      throw new EngineLostError("fake", "removing");
    };
    const events = await collect(optionsOf(engine));
    const warning = events.find((event) => event.type === "warning");
    assert.match(warning?.message ?? "", /could not be removed .*slipway rm slipway-app-both-/);
    assert.equal(events.at(-1)?.type, "exit");
  });
});
