import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { TaskEvent } from "../../src/core/task/TaskEvent";
import { runSteps } from "../../src/core/task/TaskRunner";
import { differencesOf } from "../conformance/EngineDifferences";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { shell, StepsContainer } from "./StepsContainer";
import { testEngines } from "./testEngines";
import { TestWorkspace } from "./TestWorkspace";

const MEGABYTE = 1 << 20;
/** More than pipes, sockets and the memory that may be used hold. */
const FLOOD_BYTES = 110 * MEGABYTE;

/** What happened in which step, in order: "started 0", "stdout 0", "ended 0 succeeded". */
function outline(events: readonly TaskEvent[]): readonly string[] {
  const lines = events.flatMap((event) => {
    switch (event.type) {
      case "step-started":
        return [`started ${String(event.step.index)}`];
      case "output":
        return [`${event.stream} ${String(event.step?.index)}`];
      case "step-ended":
        return [`ended ${String(event.step.index)} ${event.result.status}`];
      default:
        return [event.type];
    }
  });
  return lines.filter((line, index) => line !== lines[index - 1]);
}

for (const { name, address, connect } of testEngines()) {
  describe(`steps in a container (${name})`, () => {
    let container: StepsContainer;
    let workspace: TestWorkspace;

    before(async () => {
      workspace = await TestWorkspace.create({});
      container = await StepsContainer.start(connect(), {
        env: { GREETING: "of the container" },
        resources: { memoryBytes: 48 * MEGABYTE },
        mounts: [
          { kind: "bind", source: workspace.folder, target: "/workspace" },
          { kind: "tmpfs", target: "/small", sizeBytes: MEGABYTE },
        ],
      });
    });
    after(async () => {
      const { engine } = container;
      await engine.removeContainer(container.id);
      await workspace.remove(engine);
      await engine.close();
    });

    it("run as they are told, one after the other, until one fails, and go on from there", async () => {
      const steps = [
        { ...shell("echo out; echo err >&2; exit 3"), continueOnError: true },
        { command: ["printf", "%s|", "a b", "$HOME", "'", "*"] },
        { ...shell('echo "$GREETING,$TASK,$OWN"; pwd; id -u; id -g'), env: { OWN: "b" }, user: "77:78" },
        { ...shell("pwd; sleep 300 & echo left behind"), workingDirectory: "/etc" },
        shell("exit 5"),
        shell("echo never"),
      ];
      const first = container.run(steps, { env: { TASK: "a", OWN: "a" } });
      const outcome = await first.ended;
      assert.ok(outcome.kind === "failed" && outcome.completed === 4 && outcome.exit.code === 5);
      assert.equal(first.text("stderr"), "err\n");
      assert.equal(first.text("stdout"), "out\na b|$HOME|'|*|of the container,a,b\n/tmp\n77\n78\n/etc\nleft behind\n");
      const ran = (index: number, status: string, ...streams: readonly string[]): readonly string[] => [
        `started ${String(index)}`,
        ...streams.map((stream) => `${stream} ${String(index)}`),
        `ended ${String(index)} ${status}`,
      ];
      // Engines do not keep the order between the streams.
      const seen = outline(first.events).filter((line) => line !== "stderr 0");
      assert.deepEqual(seen, [
        ...ran(0, "failed", "stdout"),
        ...ran(1, "succeeded", "stdout"),
        ...ran(2, "succeeded", "stdout"),
        ...ran(3, "succeeded", "stdout"),
        ...ran(4, "failed"),
        "ended 5 skipped",
      ]);
      const again = container.run([...steps.slice(0, 4), shell("echo mended"), ...steps.slice(5)], {
        completed: outcome.completed,
      });
      assert.equal((await again.ended).kind, "succeeded");
      assert.equal(again.text("stdout"), "mended\nnever\n");
      assert.equal(again.results.filter(({ status }) => status === "skipped").length, 4);
    });

    it("fail with a line that says why, where a program, a folder or a user is missing", async () => {
      for (const [step, pattern, codes] of [
        [{ command: ["no-such-program", "x"] }, /no program "no-such-program"/, [127]],
        [{ command: ["/no/such"] }, /no \/no\/such in the container/, [127]],
        [{ command: ["true"], workingDirectory: "/no/folder" }, /no folder \/no\/folder/, [127]],
        [{ command: ["/etc/passwd"] }, /permission denied/i, [126]],
        [{ command: ["true"], user: "nobody-of-that-name" }, /nobody-of-that-name/, [126, 127]],
      ] as const) {
        const reader = container.run([step]);
        const outcome = await reader.ended;
        const text = reader.text("stderr") + reader.text("stdout");
        assert.match(text, pattern);
        assert.ok(outcome.kind === "failed", JSON.stringify(outcome));
        assert.ok((codes as readonly number[]).includes(outcome.exit.code), JSON.stringify(outcome));
      }
    });

    it("say that there was no memory or no space left", async () => {
      const info = await container.engine.info();
      const killed = container.run([shell("kill -9 $$"), shell("true")]);
      await killed.ended;
      assert.deepEqual(
        killed.results.map((result) => result.status === "failed" && [result.exitCode, result.outOfMemory]),
        [[137, false], false],
      );
      const full = container.run([shell("dd if=/dev/zero of=/small/file bs=64k count=100; echo $?; exit 4")]);
      await full.ended;
      assert.match(full.text("stderr"), /No space left/);
      assert.equal(full.text("stdout"), "1\n");
      if (differencesOf(info).limits === "kept") {
        const hungry = container.run([{ command: ["dd", "if=/dev/zero", "of=/dev/null", "bs=300M", "count=1"] }]);
        const outcome = await hungry.ended;
        assert.ok(outcome.kind === "failed" && outcome.exit.outOfMemory && outcome.exit.code === 137);
      }
    });

    it("make files that are the caller's, as the host's user", async () => {
      const { rootless } = await container.engine.info();
      await container.run([{ ...shell("echo made > /workspace/made"), user: "host" }]).ended;
      const { uid } = await stat(join(workspace.folder, "made"));
      const caller = rootless ? (await stat(address.replace(/^unix:\/\//, ""))).uid : process.getuid?.();
      assert.equal(uid, caller);
    });

    it("lose nothing of 200,000 lines, in order, and run many at once", async () => {
      const lines = container.run([{ command: ["seq", "1", "200000"] }]);
      const many = Array.from({ length: 8 }, (_, index) =>
        container.run([shell(`sleep 0.1; echo number ${String(index)}; exit ${String(index)}`)]),
      );
      const outcomes = await Promise.all(many.map(async ({ ended }) => ended));
      assert.deepEqual(
        outcomes.map((outcome) => (outcome.kind === "failed" ? outcome.exit.code : 0)),
        many.map((_, index) => index),
      );
      many.forEach((reader, index) => {
        assert.equal(reader.text("stdout"), `number ${String(index)}\n`);
      });
      await lines.ended;
      const expected = Array.from({ length: 200_000 }, (_, index) => `${String(index + 1)}\n`).join("");
      assert.ok(lines.text("stdout") === expected);
    });
  });
}

for (const { name, connect } of engineOfEachKind()) {
  describe(`a step that writes much (${name})`, () => {
    let container: StepsContainer;

    before(async () => {
      container = await StepsContainer.start(connect());
    });
    after(async () => container.remove());

    it("is held up while nobody reads, and all of it comes without filling the memory", async () => {
      const { engine, id } = container;
      const script = `yes 'a line of some length, as compilers write them' | head -c ${String(FLOOD_BYTES)}; touch /tmp/through`;
      const steps = runSteps({
        ...{ engine, part: "task", steps: [{ name: "flood", ...shell(script) }] },
        container: { id, name: "flood", user: undefined, workspaceFolder: "/tmp" },
      });
      let bytes = 0;
      let most = 0;
      let before = 0;
      for await (const event of steps) {
        if (event.type !== "output") {
          continue;
        }
        if (bytes === 0) {
          before = process.memoryUsage.rss();
          await setTimeout(500);
          assert.equal(await engine.statPath(id, "/tmp/through"), undefined);
        }
        bytes += event.data.length;
        most = Math.max(most, process.memoryUsage.rss());
      }
      assert.equal(bytes, FLOOD_BYTES);
      assert.ok(most - before < 100 * MEGABYTE, `${String((most - before) / MEGABYTE)} MB more`);
      assert.notEqual(await engine.statPath(id, "/tmp/through"), undefined);
    });
  });
}
