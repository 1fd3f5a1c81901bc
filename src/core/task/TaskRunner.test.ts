import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import type { FakeProgram } from "../../../test/fake/FakeProgram";
import { StepsReader } from "../../../test/integration/StepsReader";
import type { StepConfiguration } from "../config/WorkspaceConfiguration";
import { EngineLostError } from "../errors/engineErrors";
import { ContainerGoneError, StepNotStoppedError } from "../errors/stepErrors";
import type { StepListOptions } from "./StepListOptions";
import { runSteps } from "./TaskRunner";

const forever = async (): Promise<number> => new Promise<number>(() => undefined);

const PROGRAMS: Readonly<Record<string, FakeProgram>> = {
  ok: () => 0,
  fail: () => 3,
  killed: () => 137,
  prints: ({ write, env, user, workingDirectory }) => {
    write("stdout", `${env["A"] ?? ""} ${env["B"] ?? ""} ${user} ${workingDirectory}`);
    write("stderr", "err");
    return 0;
  },
  waits: async ({ write }) => {
    write("stdout", "waiting");
    return forever();
  },
  farewell: async ({ write, terminate }) => {
    write("stdout", "waiting");
    await new Promise((resolve) => {
      terminate.addEventListener("abort", resolve);
    });
    write("stdout", " bye");
    return 0;
  },
  deaf: async ({ write, terminate }) => {
    assert.equal(terminate.aborted, false);
    write("stdout", "waiting");
    return forever();
  },
  echoes: async ({ input, write, size }) => {
    for await (const data of input) {
      const { columns, rows } = size();
      write("stdout", `${Buffer.from(data).toString()} ${String(columns)}x${String(rows)}`);
      return 0;
    }
    return 1;
  },
};

async function start(): Promise<{ readonly engine: FakeContainerEngine; readonly id: string }> {
  const programs = Object.fromEntries(Object.entries(PROGRAMS).map(([name, program]) => [`["${name}"]`, program]));
  const engine = new FakeContainerEngine({ images: ["busybox"], programs });
  const id = await engine.createContainer({
    ...{ image: "busybox", name: "box", command: ["waits"], workingDirectory: "/", env: { A: "container" } },
    ...{ labels: {}, mounts: [], ports: [] },
  });
  await engine.startContainer(id);
  return { engine, id };
}

type Step = Partial<StepConfiguration> & { readonly run: string };

function run(
  { engine, id }: Awaited<ReturnType<typeof start>>,
  steps: readonly Step[],
  options: Partial<StepListOptions> = {},
): StepsReader {
  return new StepsReader(
    runSteps({
      ...{ engine, part: "task", container: { id, name: "box", user: undefined, workspaceFolder: "/tmp" } },
      steps: steps.map(({ run, ...step }, index) => ({ name: String(index), command: [run], ...step })),
      ...options,
    }),
  );
}

const statuses = (reader: StepsReader): readonly string[] =>
  reader.results.map((result) => (result.status === "skipped" ? result.why : result.status));

describe("runSteps", () => {
  it("runs all until one fails whose failure counts, for any list of steps", async () => {
    const step = fc.record({ run: fc.constantFrom("ok", "fail"), continueOnError: fc.boolean() });
    const box = await start();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), fc.nat(6), async (steps, completed) => {
        const reader = run(box, steps, { completed });
        const outcome = await reader.ended;
        const fatal = steps.findIndex(
          ({ run, continueOnError }, index) => index >= completed && run === "fail" && !continueOnError,
        );
        assert.deepEqual(
          statuses(reader),
          steps.map(({ run }, index) =>
            index < completed
              ? "done"
              : fatal >= 0 && index > fatal
                ? "earlier"
                : run === "ok"
                  ? "succeeded"
                  : "failed",
          ),
        );
        assert.equal(outcome.kind, fatal < 0 ? "succeeded" : "failed");
        assert.ok(outcome.kind !== "failed" || (outcome.completed === fatal && outcome.exit.code === 3));
        assert.ok(outcome.kind !== "succeeded" || outcome.exit.code === 0);
      }),
      { numRuns: 60 },
    );
  });

  it("gives a step its own environment, user and folder before the others", async () => {
    const box = await start();
    const reader = run(
      box,
      [{ run: "prints" }, { run: "prints", env: { B: "step" }, user: "7:8", workingDirectory: "/etc" }],
      { env: { A: "task", B: "task" } },
    );
    await reader.ended;
    assert.equal(reader.text("stdout"), "task task  /tmptask step 7:8 /etc");
    assert.equal(reader.text("stderr"), "errerr");
  });

  it("asks before a step that pauses, and stops where it is told to", async () => {
    const box = await start();
    const steps = [{ run: "ok" }, { run: "ok", pause: true }, { run: "ok", pause: true }];
    const asked: number[] = [];
    const reader = run(box, steps, {
      pause: async ({ index }) => {
        asked.push(index);
        return Promise.resolve(index === 2 ? "stop" : "continue");
      },
    });
    const outcome = await reader.ended;
    assert.deepEqual(asked, [1, 2]);
    assert.ok(outcome.kind === "stopped" && outcome.step.index === 2 && outcome.completed === 2);
    assert.deepEqual(
      reader.events.filter(({ type }) => type !== "step-started").map(({ type }) => type),
      ["step-ended", "paused", "step-ended", "paused"],
    );
    assert.equal((await run(box, steps).ended).kind, "succeeded");
  });

  it("stops a step that takes too long, and says so", async () => {
    const box = await start();
    const reader = run(box, [{ run: "farewell", timeoutMs: 10, continueOnError: true }, { run: "ok" }]);
    assert.equal((await reader.ended).kind, "succeeded");
    assert.deepEqual(statuses(reader), ["timed-out", "succeeded"]);
    assert.equal(reader.text("stdout"), "waiting bye");
    const deaf = run(box, [{ run: "deaf", timeoutMs: 10 }], { graceMs: 20 });
    const outcome = await deaf.ended;
    assert.ok(outcome.kind === "failed" && outcome.exit.code === 124);
  });

  it("is cancelled with the signal's reason, when the step has ended", async () => {
    const box = await start();
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const reader = run(box, [{ run: "farewell" }, { run: "ok" }], { signal: controller.signal });
    await reader.seen("waiting");
    controller.abort(reason);
    await assert.rejects(reader.ended, reason);
    assert.equal(reader.text("stdout"), "waiting bye");
    await assert.rejects(run(box, [{ run: "ok" }], { signal: controller.signal }).ended, reason);
  });

  it("stops the step when the loop over the events is left", async () => {
    const box = await start();
    const steps = runSteps({
      ...{ engine: box.engine, part: "task", steps: [{ name: "a", command: ["waits"] }] },
      container: { id: box.id, name: "box", user: undefined, workspaceFolder: "/tmp" },
    });
    for await (const event of steps) {
      if (event.type === "output") {
        break;
      }
    }
    assert.equal(box.engine.calls.filter((call) => call === "exec").length, 2);
    assert.equal((await run(box, [{ run: "ok" }]).ended).kind, "succeeded");
  });

  it("fails with a line of why where the program or the folder is not there", async () => {
    const box = await start();
    for (const [step, text] of [
      [{ run: "no-such" }, /no program "no-such" in the container \(PATH is \/bin\)/],
      [{ run: "ok", workingDirectory: "/no/folder" }, /no folder \/no\/folder/],
      [{ run: "/no/such" }, /no \/no\/such/],
    ] as const) {
      const reader = run(box, [step]);
      const outcome = await reader.ended;
      assert.ok(outcome.kind === "failed" && outcome.exit.code === 127);
      assert.match(reader.text("stderr"), text);
    }
  });

  it("tells a container that has ended under a step from a step that was killed", async () => {
    const killed = run(await start(), [{ run: "killed" }]);
    const outcome = await killed.ended;
    assert.ok(outcome.kind === "failed" && outcome.exit.code === 137 && !outcome.exit.outOfMemory);
    for (const [how, end] of [
      [
        "stopped",
        async (engine: FakeContainerEngine, id: string) => engine.killContainer(id, { unixSignal: "SIGKILL" }),
      ],
      ["removed", async (engine: FakeContainerEngine, id: string) => engine.removeContainer(id)],
    ] as const) {
      const box = await start();
      const reader = run(box, [{ run: "waits" }]);
      await reader.seen("waiting");
      await end(box.engine, box.id);
      await assert.rejects(reader.ended, (error) => error instanceof ContainerGoneError && error.how === how);
      await assert.rejects(run(box, [{ run: "ok" }]).ended, (error) => error instanceof ContainerGoneError);
    }
  });

  it("does not take a lost engine for success", async () => {
    const box = await start();
    const reader = run(box, [{ run: "waits" }]);
    await reader.seen("waiting");
    box.engine.lose();
    await assert.rejects(reader.ended, EngineLostError);
  });

  it("does not say that a step is cancelled that may run on", async () => {
    const box = await start();
    const controller = new AbortController();
    const reader = run(box, [{ run: "waits" }], { signal: controller.signal });
    await reader.seen("waiting");
    controller.abort();
    box.engine.lose();
    await assert.rejects(reader.ended, (error) => error instanceof StepNotStoppedError && error.container === "box");
  });

  it("brings input and size to a step in a terminal", async () => {
    const box = await start();
    const listeners: ((data: Uint8Array) => void)[] = [];
    let ends = 0;
    const end = (): void => {
      ends++;
    };
    const reader = run(box, [{ run: "echoes" }], {
      terminal: {
        size: () => ({ columns: 91, rows: 31 }),
        onInput: (listener) => {
          listeners.push(listener);
          return end;
        },
        onResize: () => end,
      },
    });
    while (listeners.length === 0) {
      await setTimeout(1);
    }
    listeners[0]?.(Buffer.from("hello"));
    assert.equal((await reader.ended).kind, "succeeded");
    assert.equal(reader.text("stdout"), "hello 91x31");
    assert.equal(ends, 2);
  });
});
