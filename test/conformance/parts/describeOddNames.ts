import assert from "node:assert/strict";
import { ContainerNotFoundError } from "../../../src/core/errors/containerErrors";
import { EngineRequestError } from "../../../src/core/errors/engineErrors";
import { ImageNotFoundError } from "../../../src/core/errors/imageErrors";
import type { ContainerEngine } from "../../../src/core/ports/ContainerEngine";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { BASIC } from "../programs/basicPrograms";
import { sharedContainer } from "../sharedContainer";
import { tarOf } from "../tarOf";

/** As a part of a URL each of these would make another request of it. */
const ODD = [
  "",
  "/",
  ".",
  "..",
  "../version",
  "../../_ping",
  "a?force=1",
  "a#b",
  "%2e%2e",
  "%2e%2e%2fversion",
  "a b",
  "a\nb",
  "a\0b",
];

const BAD_REQUEST = 400;

export function describeOddNames(fixture: ConformanceFixture): void {
  describe("names that are none", () => {
    const container = sharedContainer(fixture);

    const ofContainers: Readonly<Record<string, (engine: ContainerEngine, name: string) => Promise<unknown>>> = {
      inspectContainer: async (engine, name) => engine.inspectContainer(name),
      startContainer: async (engine, name) => engine.startContainer(name),
      stopContainer: async (engine, name) => engine.stopContainer(name, { graceSeconds: 1 }),
      restartContainer: async (engine, name) => engine.restartContainer(name, { graceSeconds: 1 }),
      killContainer: async (engine, name) => engine.killContainer(name, { unixSignal: "SIGKILL" }),
      removeContainer: async (engine, name) => engine.removeContainer(name),
      waitForExit: async (engine, name) => engine.waitForExit(name),
      attachContainer: async (engine, name) => engine.attachContainer(name),
      attachTerminal: async (engine, name) => engine.attachTerminal(name),
      exec: async (_, name) => fixture.exec(name, BASIC.ok),
      containerLogs: async (engine, name) => collect(engine.containerLogs(name, { follow: false })),
      containerStats: async (engine, name) => collect(engine.containerStats(name)),
      copyTo: async (engine, name) => engine.copyTo(name, "/", tarOf([])),
      copyFrom: async (engine, name) => collect(engine.copyFrom(name, "/etc")),
      statPath: async (engine, name) => engine.statPath(name, "/etc"),
    };
    const ofImages: typeof ofContainers = {
      inspectImage: async (engine, name) => engine.inspectImage(name),
      removeImage: async (engine, name) => engine.removeImage(name),
      tagImage: async (engine, name) => engine.tagImage(name, fixture.newReference()),
      pushImage: async (engine, name) => collect(engine.pushImage({ reference: name })),
      pullImage: async (engine, name) => collect(engine.pullImage({ reference: name })),
      createContainer: async (_, name) => fixture.create({ image: name }),
      removeVolume: async (engine, name) => engine.removeVolume(name),
    };

    for (const [method, call] of [...Object.entries(ofContainers), ...Object.entries(ofImages)]) {
      it(`lead ${method} nowhere else`, async () => {
        for (const name of ODD) {
          const end: unknown = await call(fixture.engine, name).catch((error: unknown) => error);
          assert.ok(isNothing(end), `${JSON.stringify(name)}: ${JSON.stringify(end)} ${String(end)}`);
        }
        assert.equal((await fixture.engine.inspectContainer(container()))?.state, "running");
        assert.match((await fixture.engine.info()).version, /^\d/);
      });
    }

    it("are not given to images and containers", async () => {
      for (const name of ODD) {
        await assert.rejects(fixture.engine.tagImage("busybox", name), JSON.stringify(name));
        await assert.rejects(fixture.create({ name }), JSON.stringify(name));
      }
    });
  });
}

function isNothing(end: unknown): boolean {
  return (
    end === undefined ||
    end === "not-found" ||
    end instanceof TypeError ||
    end instanceof ContainerNotFoundError ||
    end instanceof ImageNotFoundError ||
    // The engine itself finds that it is no name.
    (end instanceof EngineRequestError && end.status === BAD_REQUEST)
  );
}
