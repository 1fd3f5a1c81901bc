import assert from "node:assert/strict";
import type { ContainerEngine } from "../../../src/core/ports/ContainerEngine";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { BASIC } from "../programs/basicPrograms";
import { sharedContainer } from "../sharedContainer";
import { tarOf } from "../tarOf";

type Call = (engine: ContainerEngine, id: string, signal: AbortSignal) => Promise<unknown>;

export function describeCancellation(fixture: ConformanceFixture): void {
  describe("cancellation", () => {
    const container = sharedContainer(fixture);
    const reason = new Error("changed my mind");
    const { labels } = fixture;
    const none = "localhost/slipway-test/none:1";

    /** All methods: one that is missing here does not compile. */
    const calls: Readonly<Record<Exclude<keyof ContainerEngine, "endpoint" | "close">, Call>> = {
      info: async (engine, _, signal) => engine.info({ signal }),
      inspectImage: async (engine, _, signal) => engine.inspectImage("busybox", { signal }),
      listImages: async (engine, _, signal) => engine.listImages({ labels, signal }),
      pullImage: async (engine, _, signal) => collect(engine.pullImage({ reference: none, signal })),
      pushImage: async (engine, _, signal) => collect(engine.pushImage({ reference: none, signal })),
      tagImage: async (engine, _, signal) => engine.tagImage("busybox", none, { signal }),
      removeImage: async (engine, _, signal) => engine.removeImage(none, { signal }),
      buildImage: async (engine, _, signal) =>
        collect(engine.buildImage(await fixture.buildOptions("FROM busybox\n", { signal }))),
      createContainer: async (engine, _, signal) => engine.createContainer(fixture.specOf(), { signal }),
      attachContainer: async (engine, id, signal) => engine.attachContainer(id, { signal }),
      attachTerminal: async (engine, id, signal) => engine.attachTerminal(id, { signal }),
      startContainer: async (engine, id, signal) => engine.startContainer(id, { signal }),
      waitForExit: async (engine, id, signal) => engine.waitForExit(id, { signal }),
      stopContainer: async (engine, id, signal) => engine.stopContainer(id, { graceSeconds: 1, signal }),
      restartContainer: async (engine, id, signal) => engine.restartContainer(id, { graceSeconds: 1, signal }),
      killContainer: async (engine, id, signal) => engine.killContainer(id, { unixSignal: "SIGKILL", signal }),
      removeContainer: async (engine, id, signal) => engine.removeContainer(id, { signal }),
      inspectContainer: async (engine, id, signal) => engine.inspectContainer(id, { signal }),
      listContainers: async (engine, _, signal) => engine.listContainers({ labels, signal }),
      containerLogs: async (engine, id, signal) => collect(engine.containerLogs(id, { follow: true, signal })),
      containerStats: async (engine, id, signal) => collect(engine.containerStats(id, { signal })),
      exec: async (_, id, signal) => fixture.exec(id, BASIC.ok, { signal }),
      copyTo: async (engine, id, signal) => engine.copyTo(id, "/", tarOf([]), { signal }),
      copyFrom: async (engine, id, signal) => collect(engine.copyFrom(id, "/etc", { signal })),
      statPath: async (engine, id, signal) => engine.statPath(id, "/etc", { signal }),
      listVolumes: async (engine, _, signal) => engine.listVolumes({ labels, signal }),
      removeVolume: async (engine, _, signal) => engine.removeVolume("slipway-test-none", { signal }),
      watchEvents: async (engine, _, signal) => collect(engine.watchEvents({ labels, signal })),
    };

    for (const [name, call] of Object.entries(calls)) {
      it(`rejects ${name} with the signal's reason, and does nothing, when it comes before`, async () => {
        await assert.rejects(call(fixture.engine, container(), AbortSignal.abort(reason)), (error) => error === reason);
        assert.equal((await fixture.engine.inspectContainer(container()))?.state, "running");
      });
    }

    it("ends the waiting for a container's end", async () => {
      const controller = new AbortController();
      const waiting = fixture.engine.waitForExit(container(), { signal: controller.signal });
      setTimeout(() => {
        controller.abort(reason);
      }, 100);
      await assert.rejects(waiting, (error) => error === reason);
    });

    it("ends the reading of what a container writes", async () => {
      const controller = new AbortController();
      const output = await fixture.engine.attachContainer(container(), { signal: controller.signal });
      const reading = collect(output);
      setTimeout(() => {
        controller.abort(reason);
      }, 100);
      await assert.rejects(reading, (error) => error === reason);
    });
  });

  describe("the connection", () => {
    it("is to the engine that was asked for, whatever DOCKER_HOST says", async () => {
      const before = process.env["DOCKER_HOST"];
      process.env["DOCKER_HOST"] = "tcp://127.0.0.1:1";
      try {
        const engine = fixture.subject.connect();
        await engine.listContainers({ labels: fixture.labels });
        await engine.close();
      } finally {
        delete process.env["DOCKER_HOST"];
        Object.assign(process.env, before === undefined ? {} : { DOCKER_HOST: before });
      }
    });

    it("is closed, so that later calls reject", async () => {
      const engine = fixture.subject.connect();
      await engine.info();
      await engine.close();
      await assert.rejects(engine.listContainers({ labels: fixture.labels }));
      await engine.close();
    });
  });
}
