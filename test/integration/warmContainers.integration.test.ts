import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import {
  acquireContainer,
  type AcquiredContainer,
  type AcquireOptions,
} from "../../src/core/container/warm/acquireContainer";
import { keepAliveCommand } from "../../src/core/container/warm/keepAlive";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { ContainerSpec } from "../../src/core/ports/ContainerTypes";
import { workspaceOf } from "../../src/core/Workspace";
import { OutputReader } from "../conformance/OutputReader";
import { preparedSpec } from "../fake/preparedSpec";
import { buildImageOf } from "./buildImageOf";
import { TestWorkspace } from "./TestWorkspace";
import { testEngines } from "./testEngines";

const IDLE_MS = 1_000;

describe("warm containers", () => {
  for (const { name, connect } of testEngines()) {
    describe(`on ${name}`, () => {
      const engine = connect();
      const workspaces: TestWorkspace[] = [];

      after(async () => {
        await Promise.all(workspaces.map(async (workspace) => workspace.remove(engine)));
        await engine.close();
      });

      /** Each has its own, since a new container takes the place of the workspace's last one. */
      const newWorkspace = async (): Promise<TestWorkspace> => {
        const workspace = await TestWorkspace.create({});
        workspaces.push(workspace);
        return workspace;
      };

      const acquire = async (
        workspace: TestWorkspace,
        spec: Partial<ContainerSpec>,
        options: Partial<AcquireOptions> = {},
      ): Promise<AcquiredContainer> =>
        acquireContainer({
          ...{ engine, workspace: workspaceOf(workspace.folder), cacheFolder: workspace.cache, session: "s" },
          prepared: preparedSpec({ image: options.image?.reference ?? "busybox", network: "none", ...spec }),
          image: { reference: "busybox", imageId: "busybox", fingerprint: undefined },
          keepWarmMs: 600_000,
          ...options,
        });
      const build = async (workspace: TestWorkspace, name: string, content: string): Promise<AcquireOptions["image"]> =>
        buildImageOf(engine, workspace, { name, content: `FROM busybox\n${content}\n` });

      /** What the image says of its own command is of no account, its check of its health included. */
      const endsWhenIdle = async (): Promise<void> => {
        const workspace = await newWorkspace();
        const image = await build(
          workspace,
          "odd",
          'ENTRYPOINT ["/none"]\nHEALTHCHECK --interval=1s CMD true\nSTOPSIGNAL SIGQUIT',
        );
        const spec = { readOnlyRoot: true, init: true, user: { kind: "named", name: "1000:1000" } } as const;
        const container = await acquire(workspace, spec, { image, keepWarmMs: IDLE_MS });
        // One that goes on, and one that ends with nobody to take leave of it.
        await execute(engine, container.id, "sleep 2 >/dev/null 2>&1 & (sleep 0.1 >/dev/null 2>&1 &) & exit 0");
        const started = performance.now();
        await container.release("warm");
        await setTimeout(1_000);
        assert.doesNotMatch(await execute(engine, container.id, "cat /proc/[0-9]*/stat 2>/dev/null; true"), /\) Z /);
        await engine.waitForExit(container.id);
        const ms = performance.now() - started;
        // The engines need their time, too.
        assert.ok(ms > 2_000 + IDLE_MS * 0.9 && ms < 2_000 + IDLE_MS * 4, String(ms));
      };

      const endsWhenStopped = async (): Promise<void> => {
        const workspace = await newWorkspace();
        const first = await acquire(workspace, { env: { STOPPED: "1" } });
        await first.setup.write("done");
        const started = performance.now();
        await engine.stopContainer(first.id, { graceSeconds: 30 });
        assert.ok(performance.now() - started < 15_000);
        const second = await acquire(workspace, { env: { STOPPED: "1" } });
        assert.deepEqual([second.id, second.reused, await second.setup.read()], [first.id, true, "done"]);
        await execute(engine, second.id, "true");
        await first.release("warm");
        await second.release("remove");
        assert.equal(await engine.inspectContainer(first.id), undefined);
      };

      const staysWhileHeld = async (): Promise<void> => {
        const workspace = await newWorkspace();
        const held = await acquire(workspace, { env: { HELD: "1" } }, { keepWarmMs: IDLE_MS });
        await setTimeout(IDLE_MS * 2.5);
        assert.equal((await engine.inspectContainer(held.id))?.state, "running");
        await held.release("remove");
      };

      const isNoneWithoutShell = async (): Promise<void> => {
        const workspace = await newWorkspace();
        const none = await acquire(workspace, {}, { image: await build(workspace, "no-shell", "RUN rm /bin/sh") });
        assert.deepEqual([none.shell, none.id], ["none", ""]);
        assert.deepEqual(await none.release("warm"), []);
        assert.deepEqual(await workspace.containers(engine), []);
      };

      it("end when idle or stopped, stay while they are held, and are none where the image has no shell", async () => {
        await Promise.all([endsWhenIdle(), endsWhenStopped(), staysWhileHeld(), isNoneWithoutShell()]);
      });
    });
  }
});

describe("the program that keeps a container alive", () => {
  for (const shell of [["dash"], ["bash", "--posix"], ["busybox", "sh"]]) {
    it(`ends when idle in ${shell[0] ?? ""}`, async () => {
      const [, ...parameters] = keepAliveCommand(1_000);
      const inNamespace = process.getuid?.() === 0 ? ["-fp"] : ["-rfp"];
      const started = performance.now();
      const child = spawn("unshare", [...inNamespace, "--mount-proc", "--kill-child", ...shell, ...parameters]);
      const [code] = (await once(child, "exit")) as [number | null];
      const ms = performance.now() - started;
      assert.equal(code, 0);
      assert.ok(ms > 900 && ms < 3_000, String(ms));
    });
  }
});

async function execute(engine: ContainerEngine, id: string, script: string): Promise<string> {
  const program = await engine.exec(id, {
    ...{ command: ["/bin/sh", "-c", script], env: {}, workingDirectory: undefined, user: undefined },
    ...{ tty: false, stdin: false },
  });
  try {
    const output = new OutputReader(program.output);
    const { stdout } = await output.end();
    assert.equal(await program.exitCode(), 0);
    return stdout;
  } finally {
    program.close();
  }
}
