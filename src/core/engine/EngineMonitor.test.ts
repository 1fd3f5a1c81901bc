import assert from "node:assert/strict";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import { EngineLostError, EngineRequestError, EngineUnavailableError } from "../errors/engineErrors";
import { containerLabels } from "../labels";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { EngineEvent } from "../ports/ContainerTypes";
import { workspaceOf } from "../Workspace";
import { EngineMonitor, type EngineState } from "./EngineMonitor";
import { pauseBeforeRetry } from "./pauseBeforeRetry";

describe("EngineMonitor", () => {
  const nothing = new EngineUnavailableError([], { action: "start", advice: "Start one." });
  const lost = new EngineLostError("unix:///x", "testing");
  let engine: FakeContainerEngine | undefined;
  let searches: number;
  let monitor: EngineMonitor;
  let states: EngineState["kind"][];
  let events: EngineEvent[];
  /** Each pause before another attempt: after how many failures it was. */
  let pauses: number[];

  const soon = (failures: number): number => {
    pauses.push(failures);
    return 1;
  };
  const open = (
    connect: (signal: AbortSignal) => Promise<ContainerEngine>,
    pause: (failures: number, error: unknown) => number = soon,
  ): void => {
    monitor = new EngineMonitor({ connect, pause });
    monitor.onDidChange(({ kind }) => states.push(kind));
    monitor.onEvent((event) => events.push(event));
  };

  beforeEach(() => {
    engine = new FakeContainerEngine({ images: ["busybox"] });
    searches = 0;
    states = [];
    events = [];
    pauses = [];
    open(async () => {
      searches++;
      return engine === undefined ? Promise.reject(nothing) : Promise.resolve(engine);
    });
  });

  afterEach(async () => {
    await monitor.dispose();
  });

  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  /** Everything that is under way has had its turn. */
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const listened = (): number => events.filter(({ kind }) => kind === "listening").length;
  const createContainer = async (): Promise<string> =>
    engine?.createContainer({
      image: "busybox",
      name: `c${String(Math.random())}`,
      command: ["true"],
      workingDirectory: undefined,
      env: {},
      labels: containerLabels(workspaceOf("/app")),
      mounts: [],
      ports: [],
    }) ?? "";

  it("looks for an engine when the first one needs it, and once", async () => {
    assert.equal(searches, 0);
    assert.deepEqual(monitor.state, { kind: "unknown" });
    const [one, two] = await Promise.all([monitor.get(), monitor.get()]);
    assert.equal(one, two);
    assert.equal(searches, 1);
    assert.deepEqual(states, ["connected"]);
  });

  it("says why there is none, and finds one that came later", async () => {
    const later = engine;
    engine = undefined;
    await assert.rejects(monitor.get(), nothing);
    assert.deepEqual(monitor.state, { kind: "unavailable", error: nothing });
    engine = later;
    assert.equal(await monitor.get(), later);
    assert.deepEqual(states, ["unavailable", "connected"]);
  });

  it("passes on what happens while somebody follows", async () => {
    const one = monitor.follow();
    const two = monitor.follow();
    await until(() => listened() === 1);
    one.dispose();
    one.dispose();
    const id = await createContainer();
    await until(() => events.some((event) => event.kind === "container" && event.id === id));
    two.dispose();
    const before = events.length;
    await createContainer();
    await settled();
    assert.equal(events.length, before);
  });

  it("notices that the engine is lost, and that it is back", async () => {
    monitor.follow();
    await until(() => listened() === 1);
    const lost = engine;
    engine = undefined;
    lost?.lose();
    await until(() => monitor.state.kind === "unavailable");
    engine = new FakeContainerEngine({ images: ["busybox"] });
    await until(() => listened() === 2);
    assert.deepEqual(states, ["connected", "unavailable", "connected"]);
    const id = await createContainer();
    await until(() => events.some((event) => event.kind === "container" && event.id === id));
  });

  it("starts over for who follows when another engine is to be taken", async () => {
    monitor.follow();
    await until(() => listened() === 1);
    const other = new FakeContainerEngine();
    engine = other;
    monitor.reset();
    assert.equal(monitor.state.kind, "unknown");
    await until(() => listened() === 2);
    assert.equal(await monitor.get(), other);
  });

  it("looks anew after a call said that the engine is gone, and not after one that it refused", async () => {
    await monitor.get();
    const present = await monitor.get();
    monitor.reportFailure(present, new EngineRequestError(500, "testing", "no"));
    assert.equal(monitor.state.kind, "connected");
    monitor.reportFailure(new FakeContainerEngine(), lost);
    assert.equal(monitor.state.kind, "connected", "another engine's failure");
    monitor.reportFailure(present, lost);
    assert.equal(monitor.state.kind, "unavailable");
    await monitor.get();
    assert.equal(searches, 2);
  });

  it("leaves looking for a lost engine to who follows", async () => {
    engine = undefined;
    await assert.rejects(monitor.current(), nothing);
    monitor.follow();
    await until(() => monitor.state.kind === "unavailable");
    const before = searches;
    await assert.rejects(monitor.current(), nothing);
    assert.ok(searches <= before + 1);
  });

  it("does not ask in a hot loop where only the events cannot be had", async () => {
    await monitor.dispose();
    let asked = 0;
    const refusing = new FakeContainerEngine();
    refusing.watchEvents = () => {
      asked++;
      throw new EngineRequestError(403, "watching", "not allowed here");
    };
    open(async () => Promise.resolve(refusing));
    monitor.follow();
    await until(() => pauses.length === 4);
    assert.equal(asked, 4);
    assert.deepEqual(pauses, [1, 2, 3, 4]);
    assert.deepEqual(states, ["connected"]);
  });

  it("does not repeat a login that was refused until somebody asks", async () => {
    await monitor.dispose();
    const refused = new EngineUnavailableError([], { action: "login", advice: "Log in." });
    let allowed = false;
    const connect = async (): Promise<ContainerEngine> => {
      searches++;
      return engine !== undefined && allowed ? Promise.resolve(engine) : Promise.reject(refused);
    };
    open(connect, (failures, error) => {
      pauses.push(failures);
      return pauseBeforeRetry(failures, error);
    });
    monitor.follow();
    await until(() => pauses.length === 1);
    assert.equal(searches, 1);
    allowed = true;
    await monitor.get();
    await until(() => listened() === 1);
  });

  it("leaves an engine in peace that answers the search and drops what is asked then", async () => {
    monitor.onDidChange((state) => {
      if (state.kind === "connected") {
        monitor.reportFailure(state.engine, lost);
      }
    });
    monitor.follow();
    await until(() => pauses.length === 4);
    assert.equal(searches, 4);
    assert.deepEqual(pauses, [1, 2, 3, 4]);
  });

  it("lets go of who does not want to wait any more, while others wait", async () => {
    let answer: ((found: ContainerEngine) => void) | undefined;
    open(async () => new Promise((resolve) => (answer = resolve)));
    const controller = new AbortController();
    const impatient = monitor.get({ signal: controller.signal });
    const patient = monitor.get();
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(impatient, reason);
    await assert.rejects(monitor.get({ signal: controller.signal }), reason);
    answer?.(new FakeContainerEngine());
    await patient;
  });

  it("keeps an engine open for who has a lease of it, and no longer", async () => {
    const first = await monitor.lease();
    engine = new FakeContainerEngine({ images: ["busybox"] });
    monitor.reset();
    await monitor.get();
    assert.ok(await first.engine.inspectImage("busybox"));
    first.release();
    first.release();
    await assert.rejects(first.engine.inspectImage("busybox"), EngineLostError);
    assert.ok(await engine.inspectImage("busybox"));
  });

  it("gives who waits for a search that a choice outdates what the next one finds, and closes the other", async () => {
    const answers: ((found: ContainerEngine) => void)[] = [];
    const signals: AbortSignal[] = [];
    open(async (signal) => {
      signals.push(signal);
      return new Promise((resolve) => answers.push(resolve));
    });
    const waiting = monitor.get();
    monitor.reset();
    assert.equal(signals[0]?.aborted, true);
    const chosen = new FakeContainerEngine({ images: ["busybox"] });
    const late = new FakeContainerEngine({ images: ["busybox"] });
    const choosing = monitor.get();
    answers[1]?.(chosen);
    assert.equal(await choosing, chosen);
    answers[0]?.(late);
    assert.equal(await waiting, chosen);
    await assert.rejects(late.inspectImage("busybox"), EngineLostError);
    assert.ok(await chosen.inspectImage("busybox"));
    assert.deepEqual(monitor.state, { kind: "connected", engine: chosen });
  });

  it("closes one that is found when it has been disposed of", async () => {
    let answer: ((found: ContainerEngine) => void) | undefined;
    let given: AbortSignal | undefined;
    open(async (signal) => {
      given = signal;
      return new Promise((resolve) => (answer = resolve));
    });
    const getting = monitor.get();
    await monitor.dispose();
    assert.equal(given?.aborted, true);
    const late = new FakeContainerEngine({ images: ["busybox"] });
    answer?.(late);
    await getting;
    await assert.rejects(late.inspectImage("busybox"), EngineLostError);
  });

  it("closes the engines that it found, and is quiet afterwards", async () => {
    monitor.follow();
    await until(() => listened() === 1);
    const first = engine;
    await monitor.dispose();
    await assert.rejects(async () => first?.inspectImage("busybox"));
    const { length } = states;
    await settled();
    assert.equal(states.length, length);
    await assert.rejects(monitor.get(), { name: "AbortError" });
  });
});
