import assert from "node:assert/strict";
import { workspaceOf } from "../../src/core/Workspace";
import { containerSpec } from "../../src/core/container/spec/containerSpec";
import { NO_NETWORK_SETTINGS } from "../../src/core/network/NetworkSettings";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import { runStepsAlone, type RunStepsAloneOptions } from "../../src/core/task/TaskRunner";
import { collect } from "../conformance/collect";
import { scanContext } from "../fake/scanContext";
import { IgnoreMatcher } from "../../src/core/dockerignore/IgnoreMatcher";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { StepsReader } from "./StepsReader";
import { TestWorkspace } from "./TestWorkspace";

for (const { name, connect } of engineOfEachKind()) {
  describe(`steps of an image without a shell (${name})`, () => {
    let engine: ContainerEngine;
    let workspace: TestWorkspace;
    let options: Omit<RunStepsAloneOptions, "steps">;

    before(async () => {
      engine = connect();
      workspace = await TestWorkspace.create({ "given.txt": "given\n" });
      const owner = workspaceOf(workspace.folder);
      const dockerfile = "FROM scratch\nCOPY --from=busybox /bin/busybox /busybox\nENV OF_IMAGE=yes\n";
      const reference = `localhost/slipway-test/${owner.id}:alone`;
      const root = workspace.folder;
      await collect(
        engine.buildImage({
          context: {
            root,
            entries: await scanContext({ root, ignore: new IgnoreMatcher(["**"]) }),
            dockerfile: { pathInContext: undefined, content: Buffer.from(dockerfile) },
          },
          ...{ tags: [reference], labels: workspace.labels, args: {} },
        }),
      );
      const image = { reference, imageId: (await engine.inspectImage(reference))?.id ?? "" };
      const prepared = await containerSpec({
        ...{ engine, workspace: owner, image, mode: "bind", network: NO_NETWORK_SETTINGS },
        run: { workspaceFolder: "/workspace", env: { OF_RUN: "yes" }, ports: [] },
      });
      options = {
        ...{ engine, prepared, workspace: owner, fingerprint: undefined, task: "alone", session: "test" },
        ...{ workspaceFolder: "/workspace", part: "task", graceMs: 100 },
      };
    });
    after(async () => {
      await workspace.remove(engine);
      await engine.close();
    });

    const run = (
      commands: readonly (readonly string[])[],
      more: Partial<RunStepsAloneOptions> & { readonly timeoutMs?: number } = {},
    ): StepsReader =>
      new StepsReader(
        runStepsAlone({
          ...options,
          steps: commands.map((command, index) => ({
            ...{ name: String(index), command: ["/busybox", ...command], timeoutMs: more.timeoutMs },
          })),
          ...more,
        }),
      );

    it("run each in a container of its own, and say what is not to be had", async () => {
      const reader = run([["cat", "given.txt"], ["env"], ["sh", "-c", "echo err >&2; exit 5"], ["echo", "never"]]);
      const outcome = await reader.ended;
      assert.ok(
        outcome.kind === "failed" && outcome.completed === 2 && outcome.exit.code === 5,
        JSON.stringify(outcome),
      );
      assert.match(reader.text("stdout"), /^given\n[^]*OF_IMAGE=yes/);
      assert.match(reader.text("stdout"), /OF_RUN=yes/);
      assert.equal(reader.text("stderr"), "err\n");
      const [first] = reader.events;
      assert.match(first?.type === "warning" ? first.message : "", /no \/bin\/sh/);
      const missing = new StepsReader(runStepsAlone({ ...options, steps: [{ name: "a", command: ["/no/program"] }] }));
      const end = await missing.ended;
      assert.ok(end.kind === "failed" && end.exit.code === 127);
      assert.match(missing.text("stderr"), /no \/no\/program in the container/);
      assert.deepEqual(await workspace.containers(engine), []);
    });

    it("are stopped by the signal and by their time, and leave nothing", async () => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const cancelled = run([["sh", "-c", "echo ready; sleep 300"]], { signal: controller.signal });
      const timed = run([["sleep", "300"]], { timeoutMs: 300 });
      await cancelled.seen("ready");
      controller.abort(reason);
      await assert.rejects(cancelled.ended, reason);
      const outcome = await timed.ended;
      assert.ok(outcome.kind === "failed" && outcome.exit.code === 124);
      assert.deepEqual(await workspace.containers(engine), []);
    });
  });
}
