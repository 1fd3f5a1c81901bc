import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ContainerStartError,
  ContainerNotFoundError,
  ImageBuildError,
  ImageNotFoundError,
} from "../../src/core/errors";
import type { BuildContext } from "../../src/core/ports/BuildContext";
import type { BuildEvent } from "../../src/core/ports/BuildEvent";
import type { BuildImageOptions, ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { ContainerEvent, ContainerSpec, OutputChunk } from "../../src/core/ports/ContainerTypes";
import { PROGRAM, RUN } from "./conformancePrograms";

export interface ConformanceSubject {
  readonly name: string;
  readonly connect: () => ContainerEngine;
  /** A port that the engine sees as taken; the suite takes a real one where this is absent. */
  readonly portInUse?: number;
}

/** What every ContainerEngine must do, real or fake. The engine needs the image busybox. */
export function describeContainerEngine({ name, connect, portInUse }: ConformanceSubject): void {
  describe(`ContainerEngine: ${name}`, () => {
    const run = randomBytes(4).toString("hex");
    const labels = { "dev.slipway.test": run };
    let engine: ContainerEngine;
    let folder: string;

    before(async () => {
      engine = connect();
      folder = await mkdtemp(join(tmpdir(), "slipway-conformance-"));
    });

    after(async () => {
      for (const { id } of await engine.listContainers({ labels })) {
        await engine.removeContainer(id);
      }
      for (const { id, references } of await engine.listImages({ labels })) {
        for (const reference of references.length > 0 ? references : [id]) {
          await engine.removeImage(reference);
        }
      }
      await rm(folder, { recursive: true, force: true });
    });

    const specOf = (overrides: Partial<ContainerSpec> = {}): ContainerSpec => ({
      image: "busybox",
      name: `slipway-test-${run}-${randomBytes(3).toString("hex")}`,
      command: PROGRAM.ok,
      workingDirectory: undefined,
      env: {},
      labels,
      mounts: [],
      ports: [],
      ...overrides,
    });
    const create = async (overrides: Partial<ContainerSpec> = {}): Promise<string> =>
      engine.createContainer(specOf(overrides));
    const runToEnd = async (
      overrides: Partial<ContainerSpec>,
    ): Promise<{ code: number; stdout: string; stderr: string }> => {
      const id = await create(overrides);
      const output = await engine.attachContainer(id);
      await engine.startContainer(id);
      const texts = await readOutput(output);
      const code = await engine.waitForExit(id);
      await engine.removeContainer(id);
      return { code, ...texts };
    };
    const buildOptions = (dockerfile: string, overrides: Partial<BuildImageOptions> = {}): BuildImageOptions => ({
      context: contextOf(folder, dockerfile),
      tags: [`localhost/slipway-test/${run}:${randomBytes(3).toString("hex")}`],
      labels,
      args: {},
      ...overrides,
    });

    describe("the engine", () => {
      it("says what it is", async () => {
        const info = await engine.info();
        assert.match(info.version, /^\d+\.\d+/);
        assert.match(info.apiVersion, /^\d+\.\d+$/);
        assert.match(info.platform, /^linux\/\w+$/);
      });

      it("rejects with the signal's reason when aborted before", async () => {
        const reason = new Error("changed my mind");
        const signal = AbortSignal.abort(reason);
        await assert.rejects(engine.inspectImage("busybox", { signal }), reason);
        await assert.rejects(engine.listContainers({ labels, signal }), reason);
        await assert.rejects(collect(engine.buildImage(buildOptions("FROM busybox\n", { signal }))), reason);
      });
    });

    describe("images", () => {
      it("finds one by its name and by its ID", async () => {
        const byName = await engine.inspectImage("busybox");
        assert.ok(byName);
        assert.match(byName.id, /^sha256:[0-9a-f]{64}$/);
        assert.deepEqual(await engine.inspectImage(byName.id), byName);
      });

      it("knows when there is none", async () => {
        assert.equal(await engine.inspectImage("localhost/slipway-test/none:1"), undefined);
        assert.equal(await engine.removeImage("localhost/slipway-test/none:1"), "not-found");
      });

      it("says which image could not be pulled", async () => {
        const pull = collect(engine.pullImage({ reference: "localhost:1/slipway-test/none:1" }));
        await assert.rejects(
          pull,
          (error: unknown) => error instanceof ImageNotFoundError && error.reference.includes("none"),
        );
      });

      it("builds, tags and labels one, with steps and their output", async () => {
        const options = buildOptions(`FROM busybox\nRUN ${RUN.fine}\n`, { noCache: true });
        const events = await collect(engine.buildImage(options));
        const last = events.at(-1);
        assert.equal(last?.type, "image");
        const image = await engine.inspectImage(options.tags[0] ?? "");
        assert.equal(image?.id, last.imageId);
        assert.equal(image.labels["dev.slipway.test"], run);
        assert.match(outputOf(events), /building/);
        const names = events.flatMap((event) => (event.type === "step" ? [event.name] : []));
        assert.ok(
          names.some((step) => step.includes(`RUN ${RUN.fine}`)),
          names.join("\n"),
        );
        const ids = (await engine.listImages({ labels })).map(({ id }) => id);
        assert.ok(ids.includes(image.id));
      });

      it("says which step of a build failed, with its exit code and its last output", async () => {
        const build = collect(engine.buildImage(buildOptions(`FROM busybox\nRUN ${RUN.fails}\n`)));
        await assert.rejects(build, (error: unknown) => {
          assert.ok(error instanceof ImageBuildError, String(error));
          assert.match(error.failure.step ?? "", /RUN echo before/);
          assert.equal(error.failure.exitCode, 4);
          assert.match(error.failure.output, /before/);
          assert.match(error.failure.output, /wrong/);
          return true;
        });
      });

      it("fails to build on a base image that is nowhere", async () => {
        const build = collect(engine.buildImage(buildOptions("FROM localhost:1/slipway-test/none:1\n")));
        await assert.rejects(build, ImageBuildError);
      });

      it("ends a build when it is cancelled", async () => {
        const controller = new AbortController();
        const started = performance.now();
        const build = (async () => {
          for await (const event of engine.buildImage(
            buildOptions(`FROM busybox\nRUN ${RUN.waits}\n`, { signal: controller.signal }),
          )) {
            if (event.type === "step" && event.state === "started" && event.name.includes("RUN")) {
              setTimeout(() => {
                controller.abort();
              }, 300);
            }
          }
        })();
        await assert.rejects(build, { name: "AbortError" });
        assert.ok(performance.now() - started < 20_000);
      });

      it("keeps an image that a container uses", async () => {
        const options = buildOptions(`FROM busybox\nLABEL kept=1\n`);
        await collect(engine.buildImage(options));
        const [tag = ""] = options.tags;
        const id = await create({ image: tag });
        assert.equal(await engine.removeImage((await engine.inspectImage(tag))?.id ?? ""), "in-use");
        assert.ok(await engine.inspectImage(tag));
        await engine.removeContainer(id);
        assert.equal(await engine.removeImage(tag), "removed");
        assert.equal(await engine.inspectImage(tag), undefined);
      });
    });

    describe("containers", () => {
      it("keeps stdout and stderr apart and tells the exit code", async () => {
        assert.deepEqual(await runToEnd({ command: PROGRAM.both }), { code: 3, stdout: "out\n", stderr: "err\n" });
      });

      it("loses no line", async () => {
        const { stdout } = await runToEnd({ command: PROGRAM.many });
        assert.equal(stdout, Array.from({ length: 20_000 }, (_, index) => `${String(index + 1)}\n`).join(""));
      });

      it("gives bytes as they are", async () => {
        assert.equal((await runToEnd({ command: PROGRAM.characters })).stdout, "aé\n");
      });

      it("sets environment and working folder", async () => {
        const env = { GREETING: 'a "quoted" = $VALUE' };
        const { stdout } = await runToEnd({ command: PROGRAM.environment, env, workingDirectory: "/tmp" });
        assert.equal(stdout, 'a "quoted" = $VALUE\n/tmp\n');
      });

      it("runs the image's own command where none is given", async () => {
        const options = buildOptions(`FROM busybox\nWORKDIR /tmp\nCMD ${JSON.stringify(PROGRAM.environment)}\n`);
        await collect(engine.buildImage(options));
        const { stdout } = await runToEnd({
          image: options.tags[0] ?? "",
          command: undefined,
          env: { GREETING: "hello" },
        });
        assert.equal(stdout, "hello\n/tmp\n");
      });

      it("shares a folder with the host", async () => {
        await writeFile(join(folder, "given.txt"), "given\n");
        const mounts = [{ source: folder, target: "/workspace" }];
        assert.equal((await runToEnd({ command: PROGRAM.exchange, mounts })).stdout, "given\n");
        assert.equal(await readFile(join(folder, "made.txt"), "utf8"), "made\n");
      });

      it("does not make one of an image that is not there", async () => {
        await assert.rejects(create({ image: "localhost/slipway-test/none:1" }), ImageNotFoundError);
      });

      it("says when its program cannot be run", async () => {
        const id = await create({ command: PROGRAM.missing });
        await assert.rejects(engine.startContainer(id), ContainerStartError);
        await engine.removeContainer(id);
      });

      it("starts one that runs, and stops one that does not, without complaint", async () => {
        const id = await create({ command: PROGRAM.sleep });
        await engine.stopContainer(id, { graceSeconds: 1 });
        await engine.startContainer(id);
        await engine.startContainer(id);
        assert.equal((await engine.inspectContainer(id))?.state, "running");
        await engine.removeContainer(id);
      });

      it("asks the program to end, and kills it when it does not", async () => {
        const polite = await create({ command: PROGRAM.trap });
        const output = await engine.attachContainer(polite);
        await engine.startContainer(polite);
        const reading = readOutput(output, async () => engine.stopContainer(polite, { graceSeconds: 10 }));
        assert.match((await reading).stdout, /bye/);
        assert.equal(await engine.waitForExit(polite), 0);
        const deaf = await create({ command: PROGRAM.sleep });
        await engine.startContainer(deaf);
        await engine.stopContainer(deaf, { graceSeconds: 1 });
        assert.equal(await engine.waitForExit(deaf), 137);
        await engine.removeContainer(polite);
        await engine.removeContainer(deaf);
      });

      it("removes one that runs, and one that is gone, without complaint", async () => {
        const id = await create({ command: PROGRAM.sleep });
        await engine.startContainer(id);
        await engine.removeContainer(id);
        assert.equal(await engine.inspectContainer(id), undefined);
        await engine.removeContainer(id);
      });

      it("says when there is no such container", async () => {
        const id = "0".repeat(64);
        assert.equal(await engine.inspectContainer(id), undefined);
        await assert.rejects(engine.startContainer(id), ContainerNotFoundError);
        await assert.rejects(engine.stopContainer(id, { graceSeconds: 1 }), ContainerNotFoundError);
        await assert.rejects(collect(engine.containerLogs(id, { follow: false })), ContainerNotFoundError);
      });

      it("lists those with all the labels, and only those", async () => {
        const id = await create({ labels: { ...labels, "dev.slipway.case": "listed" } });
        await create({ labels: { ...labels, "dev.slipway.case": "other" } });
        const listed = await engine.listContainers({ labels: { ...labels, "dev.slipway.case": "listed" } });
        assert.deepEqual(
          listed.map((container) => [container.id, container.state, container.labels["dev.slipway.case"]]),
          [[id, "created", "listed"]],
        );
      });

      it("is found by its name, too", async () => {
        const spec = specOf();
        const id = await engine.createContainer(spec);
        assert.equal((await engine.inspectContainer(spec.name))?.id, id);
        await engine.removeContainer(spec.name);
        assert.equal(await engine.inspectContainer(id), undefined);
      });
    });

    describe("ports", () => {
      const port = { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined } as const;

      it("are bound to a free one on the loopback address, and told", async () => {
        const id = await create({ command: PROGRAM.sleep, ports: [port] });
        await engine.startContainer(id);
        const ports = (await engine.inspectContainer(id))?.ports ?? [];
        assert.equal(ports.length, 1);
        assert.deepEqual([ports[0]?.containerPort, ports[0]?.hostIp], [80, "127.0.0.1"]);
        assert.ok((ports[0]?.hostPort ?? 0) > 1023);
        await engine.removeContainer(id);
      });

      it("cannot be bound twice", async () => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        try {
          const hostPort = portInUse ?? (server.address() as AddressInfo).port;
          const id = await create({ command: PROGRAM.sleep, ports: [{ ...port, hostPort }] });
          await assert.rejects(engine.startContainer(id), ContainerStartError);
          await engine.removeContainer(id);
        } finally {
          server.close();
        }
      });
    });

    describe("logs and events", () => {
      it("gives what was written, in both streams", async () => {
        const id = await create({ command: PROGRAM.both });
        await engine.startContainer(id);
        await engine.waitForExit(id);
        assert.deepEqual(await readOutput(engine.containerLogs(id, { follow: false })), {
          stdout: "out\n",
          stderr: "err\n",
        });
        await engine.removeContainer(id);
      });

      it("follows what is written until it ends", async () => {
        const id = await create({ command: PROGRAM.slowLines });
        await engine.startContainer(id);
        assert.equal((await readOutput(engine.containerLogs(id, { follow: true }))).stdout, "one\ntwo\n");
        await engine.removeContainer(id);
      });

      it("stops following when aborted", async () => {
        const id = await create({ command: PROGRAM.trap });
        await engine.startContainer(id);
        const controller = new AbortController();
        const following = readOutput(
          engine.containerLogs(id, { follow: true, signal: controller.signal }),
          async () => {
            controller.abort();
            return Promise.resolve();
          },
        );
        await assert.rejects(following, { name: "AbortError" });
        await engine.removeContainer(id);
      });

      it("tells what happens to containers with the labels", async () => {
        const own = { ...labels, "dev.slipway.case": "watched" };
        const controller = new AbortController();
        const seen: ContainerEvent[] = [];
        const watching = (async () => {
          for await (const event of engine.watchContainers({ labels: own, signal: controller.signal })) {
            seen.push(event);
            if (event.action === "destroy" && event.labels["dev.slipway.probe"] === undefined) {
              controller.abort();
            }
          }
        })();
        // An engine answers the request for events before it listens: once it tells of a probe, it does.
        while (seen.length === 0) {
          const probe = await create({ labels: { ...own, "dev.slipway.case": "watched", "dev.slipway.probe": "1" } });
          await engine.removeContainer(probe);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        const id = await create({ command: PROGRAM.ok, labels: own });
        const other = await create();
        await engine.startContainer(id);
        await engine.waitForExit(id);
        await engine.removeContainer(other);
        await engine.removeContainer(id);
        await assert.rejects(watching, { name: "AbortError" });
        assert.ok(seen.every(({ labels: { "dev.slipway.case": which } }) => which === "watched"));
        const actions = seen.filter((event) => event.id === id).map(({ action }) => action);
        assert.deepEqual(
          actions.filter((action) => action !== "other"),
          ["create", "start", "die", "destroy"],
        );
      });
    });
  });
}

function contextOf(root: string, dockerfile: string): BuildContext {
  return { root, entries: [], dockerfile: { pathInContext: undefined, content: Buffer.from(dockerfile) } };
}

async function collect<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = [];
  for await (const value of values) {
    collected.push(value);
  }
  return collected;
}

function outputOf(events: readonly BuildEvent[]): string {
  return events.map((event) => (event.type === "output" ? event.text : "")).join("");
}

/** @param atFirst called once something was written. */
async function readOutput(
  chunks: AsyncIterable<OutputChunk>,
  atFirst?: () => Promise<void>,
): Promise<{ stdout: string; stderr: string }> {
  const parts: Record<OutputChunk["stream"], Uint8Array[]> = { stdout: [], stderr: [] };
  let pending: Promise<void> | undefined;
  for await (const { stream, data } of chunks) {
    parts[stream].push(data);
    pending ??= atFirst?.();
  }
  await pending;
  return { stdout: Buffer.concat(parts.stdout).toString("utf8"), stderr: Buffer.concat(parts.stderr).toString("utf8") };
}
