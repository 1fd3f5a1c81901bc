import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerConfig } from "../../src/core/container/ContainerConfig";
import { ContainerManager } from "../../src/core/container/ContainerManager";
import type { ManagerEvent } from "../../src/core/container/ManagerEvent";
import type { RunConfiguration } from "../../src/core/config/WorkspaceConfiguration";
import {
  ContainerNameInUseError,
  ContainerNotFoundError,
  ContainerNotRunningError,
  ExecError,
  ForeignContainerError,
} from "../../src/core/errors/containerErrors";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { RunningProgram } from "../../src/core/ports/RunningProgram";
import { workspaceOf } from "../../src/core/Workspace";
import { OutputReader } from "../conformance/OutputReader";
import { tarOf } from "../conformance/tarOf";
import { isPodman } from "./isPodman";
import { testEngines } from "./testEngines";
import { TestWorkspace } from "./TestWorkspace";

/** Says what it finds, then goes on until it is stopped. */
const TELL = `
trap 'echo bye; exit 0' TERM
echo "folder $(pwd)"
echo "env $A $B $C"
echo "user $(id -u)"
echo "read-only $(touch /no 2>&1 | grep -c 'Read-only')"
echo "inputs $(cat /inputs/it) $(touch /inputs/no 2>&1 | grep -c 'Read-only')"
echo "memory $(grep -c ' /memory tmpfs ' /proc/mounts)"
echo "host $(grep -c '192.0.2.7.*elsewhere' /etc/hosts)"
grep CapBnd /proc/self/status
touch made
echo ready
while :; do sleep 0.1; done
`;

for (const { name: engineName, address, connect } of testEngines()) {
  describe(`ContainerManager on ${engineName}`, () => {
    let engine: ContainerEngine;
    let workspace: TestWorkspace;
    let manager: ContainerManager;
    let events: ManagerEvent[];

    beforeEach(async () => {
      engine = connect();
      workspace = await TestWorkspace.create({ "inputs/it": "given", "more.env": "B=file\nC=1 2 '3'\n" });
      manager = new ContainerManager(engine, workspaceOf(workspace.folder), { cacheFolder: workspace.cache });
      events = [];
      manager.onEvent((event) => events.push(event));
    });
    afterEach(async () => {
      await workspace.remove(engine);
      await engine.close();
    });

    const told = (): readonly string[] => events.map(({ type }) => type).filter((type) => type !== "image:progress");
    const run = (options: Partial<RunConfiguration> = {}): RunConfiguration => ({
      ...{ workspaceFolder: "/workspace", env: {}, ports: [] },
      ...options,
    });
    const create = async (config: Partial<ContainerConfig>): ReturnType<ContainerManager["createContainer"]> =>
      manager.createContainer({ image: { kind: "image", reference: "busybox" }, run: run(), ...config });
    const outputOf = async (program: RunningProgram): Promise<string> => {
      const { stdout } = await new OutputReader(program.output).end();
      program.close();
      return stdout;
    };

    it("builds, makes and manages a container with all that was asked for", async () => {
      await workspace.write("Dockerfile", `FROM busybox\nENTRYPOINT ["/no-such-program"]\n`);
      const dockerfile = join(workspace.folder, "Dockerfile");
      const config: Partial<ContainerConfig> = {
        image: {
          kind: "build",
          build: { dockerfile, context: workspace.folder, args: {}, target: undefined, platform: undefined },
        },
        command: ["sh", "-c", TELL],
        run: run({
          user: "host",
          env: { A: "a=b" },
          envFiles: [join(workspace.folder, "more.env")],
          mounts: [
            { kind: "bind", source: join(workspace.folder, "inputs"), target: "/inputs", readOnly: true },
            { kind: "tmpfs", target: "/memory" },
          ],
          ports: [{ containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined }],
          gpus: "optional",
          resources: { memoryBytes: 128 * 1024 * 1024, pids: 100 },
          dropCapabilities: ["ALL"],
          readOnlyRoot: true,
          extraHosts: ["elsewhere:192.0.2.7"],
          labels: { "org.example.mine": "yes" },
        }),
      };
      const { id, name, resolution, warnings } = await create(config);
      assert.equal(resolution.wasBuilt, true);
      assert.match(warnings.join("\n"), /has no GPU/);
      await manager.start(id);
      await manager.start(name);
      const output = new OutputReader(manager.logs(id, { follow: true }));
      await output.seen("ready");
      const details = await manager.inspect(id);
      assert.equal(details.labels["org.example.mine"], "yes");
      assert.deepEqual(
        details.ports.map(({ hostIp, containerPort, hostPort }) => [hostIp, containerPort, hostPort > 0]),
        [["127.0.0.1", 80, true]],
      );
      assert.equal((await manager.get(name)).state, "running");

      // A terminal of its own size, with input.
      const shell = await manager.exec(id, { command: ["sh"], tty: true, stdin: true });
      await shell.resize({ columns: 91, rows: 17 });
      await shell.write(Buffer.from("stty size; exit 3\n"));
      assert.match(await outputOf(shell), /17 91/);
      assert.equal(await shell.exitCode(), 3);
      const facts = await manager.exec(id, { command: ["sh", "-c", "id -u; ulimit -n >/dev/null"] });
      const uid = (await outputOf(facts)).trim();

      await manager.copyTo(id, "/workspace", tarOf([{ name: "copied", type: "file", content: "in" }]));
      const chunks: Uint8Array[] = [];
      for await (const chunk of manager.copyFrom(id, "/workspace/copied")) {
        chunks.push(chunk);
      }
      assert.ok(Buffer.concat(chunks).includes("copied"));
      assert.equal((await manager.statPath(id, "/workspace/copied"))?.kind, "file");
      for await (const sample of manager.stats(id)) {
        assert.ok(sample.time > 0);
        break;
      }

      await manager.stop(id, { timeoutSeconds: 10 });
      await manager.stop(id);
      const { stdout } = await output.end();
      const lines = stdout.split("\n");
      for (const line of [
        ...["folder /workspace", "env a=b file 1 2 '3'", `user ${uid}`, "read-only 1", "inputs given 1"],
        ...["memory 1", "host 1", "CapBnd:\t0000000000000000", "bye"],
      ]) {
        assert.ok(lines.includes(line), `${line} is not in\n${stdout}`);
      }
      // What it has made is whose it was made for.
      assert.equal((await stat(join(workspace.folder, "made"))).uid, await ownerOfNew());
      await manager.restart(id, { timeoutSeconds: 10 });
      assert.equal((await manager.inspect(id)).running, true);
      await assert.rejects(create({ ...config, name }), ContainerNameInUseError);
      await manager.remove(id);
      await manager.remove(id);
      assert.deepEqual(told(), [
        ...["image:built", "container:created", "container:started", "container:stopped"],
        ...["container:started", "image:cached", "container:removed"],
      ]);
    });

    /** On a rootless engine of another user, that user's; else this one's. */
    const ownerOfNew = async (): Promise<number> => {
      const { address } = engine.endpoint;
      const { rootless } = await engine.info();
      return rootless && address.kind === "unix" ? (await stat(address.socketPath)).uid : (process.getuid?.() ?? 0);
    };

    it("refuses what is not there, does not run, cannot be run or is somebody else's", async () => {
      const spec = { workingDirectory: undefined, env: {}, labels: workspace.labels, mounts: [], ports: [] };
      const name = `slipway-foreign-${String(Date.now())}`;
      const foreign = await engine.createContainer({ ...spec, image: "busybox", name, command: ["sleep", "60"] });
      for (const call of [
        async () => manager.inspect(foreign),
        async () => manager.start(foreign),
        async () => manager.stop(name),
        async () => manager.restart(name),
        async () => manager.remove(name),
        async () => manager.exec(foreign, { command: ["true"] }),
        async () => manager.attach(foreign),
        async () => new OutputReader(manager.logs(foreign, { follow: false })).end(),
      ]) {
        await assert.rejects(call, ForeignContainerError);
      }
      assert.equal((await engine.inspectContainer(foreign))?.state, "created");

      const { id } = await create({ command: ["cat"], stdin: true, mode: "none" });
      await assert.rejects(manager.exec(id, { command: ["true"] }), ContainerNotRunningError);
      const attached = await manager.attach(id);
      await manager.start(id);
      await attached.write(Buffer.from("through\n"));
      await attached.endInput();
      assert.equal(await outputOf(attached), "through\n");
      assert.equal(await attached.exitCode(), 0);
      await assert.rejects(manager.attach(id), ContainerNotRunningError);

      const alive = await create({ command: ["sh", "-c", "pwd; exec sleep 60"], mode: "none" });
      await manager.start(alive.id);
      await new OutputReader(manager.logs(alive.id, { follow: true })).seen("/workspace");
      // Some engines tell it by the exit code only, as a shell does.
      const missing = await manager
        .exec(alive.id, { command: ["/no-such-program"] })
        .then(async (program) => program.exitCode())
        .catch((error: unknown) => error);
      assert.ok(missing instanceof ExecError || missing === 126 || missing === 127, String(missing));
      await manager.remove(alive.id);
      await assert.rejects(manager.get(alive.id), ContainerNotFoundError);
    });

    // Docker has a way of its own, of which the conformance suite knows enough.
    const onPodman = isPodman(address) ? it : undefined;
    onPodman?.("follows long logs without a gap, also from their middle", async () => {
      const lines = 10_000;
      const script = [
        `i=0; while [ $i -lt ${String(lines)} ]; do echo line $i of the logs; i=$((i+1)); done`,
        `sleep 2; while [ $i -lt ${String(lines + 3000)} ]; do echo line $i of the logs; i=$((i+1)); done`,
        "printf 'half '; sleep 0.3; echo done; printf end",
      ].join("; ");
      const { id } = await create({ command: ["sh", "-c", script], mode: "none" });
      await manager.start(id);
      for await (const { text } of manager.logs(id, { follow: true })) {
        if (text.includes(`line ${String(lines - 1)} of`)) {
          break;
        }
      }
      const expected = [
        ...Array.from({ length: lines + 3000 }, (_, index) => `line ${String(index)} of the logs`),
        "half done",
        "end",
      ];
      const [whole, part] = await Promise.all(
        [undefined, 5000].map(async (tail) => new OutputReader(manager.logs(id, { follow: true, tail })).end()),
      );
      assert.deepEqual(whole?.stdout.split("\n"), expected);
      const seen = part?.stdout.split("\n") ?? [];
      assert.ok(seen.length >= 5000);
      assert.deepEqual(seen, expected.slice(-seen.length));
      const { stdout } = await new OutputReader(manager.logs(id, { follow: false, tail: 5000 })).end();
      assert.deepEqual(stdout.split("\n"), expected.slice(-5000));
    });
  });
}
