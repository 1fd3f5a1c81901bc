import assert from "node:assert/strict";
import { EngineLostError } from "../../src/core/errors/engineErrors";
import { ImageNotFoundError, RegistryAuthError } from "../../src/core/errors/imageErrors";
import { collect } from "../conformance/collect";
import { ConformanceFixture } from "../conformance/ConformanceFixture";
import type { ConformanceSubject } from "../conformance/ConformanceSubject";
import { conformancePrograms } from "../conformance/conformancePrograms";
import { describeContainerEngine } from "../conformance/describeContainerEngine";
import { BASIC } from "../conformance/programs/basicPrograms";
import { FakeContainerEngine } from "../fake/FakeContainerEngine";

const PORT_IN_USE = 8080;

const subject: ConformanceSubject = {
  name: "fake",
  connect: () =>
    new FakeContainerEngine({
      images: ["busybox"],
      programs: conformancePrograms,
      portsInUse: [PORT_IN_USE],
      checksBindSources: true,
    }),
  portInUse: PORT_IN_USE,
  pause: async (engine, id) => {
    assert.ok(engine instanceof FakeContainerEngine);
    await engine.pauseContainer(id);
  },
  // Its programs are part of this process, and write as whoever that is.
  caller: () => ({ uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }),
};

describeContainerEngine(subject);

describe("FakeContainerEngine", () => {
  it("gives what was pushed", async () => {
    const engine = new FakeContainerEngine({ images: ["busybox"] });
    const reference = "registry.example/team/app:1";
    await assert.rejects(collect(engine.pullImage({ reference })), ImageNotFoundError);
    await engine.tagImage("busybox", reference);
    await collect(engine.pushImage({ reference }));
    assert.equal(await engine.removeImage(reference), "removed");
    await collect(engine.pullImage({ reference }));
    assert.equal((await engine.inspectImage(reference))?.id, (await engine.inspectImage("busybox"))?.id);
  });

  it("has registries that want a login", async () => {
    const reference = "closed.example/app:1";
    const engine = new FakeContainerEngine({ images: [reference], closedRegistries: ["closed.example"] });
    for (const call of [engine.pushImage({ reference }), engine.pullImage({ reference })]) {
      await assert.rejects(
        collect(call),
        (error: unknown) => error instanceof RegistryAuthError && error.registry === "closed.example",
      );
    }
  });

  it("ends everything when it is lost", async () => {
    const engine = new FakeContainerEngine({ images: ["busybox"], programs: conformancePrograms });
    const id = await engine.createContainer(new ConformanceFixture(subject).specOf({ program: BASIC.sleep }));
    await engine.startContainer(id);
    const running = await engine.exec(id, {
      ...{ command: BASIC.sleep.argv, env: {}, workingDirectory: undefined, user: undefined, tty: false, stdin: false },
    });
    const events = collect(engine.watchEvents({ labels: {} }));
    const ends = [collect(running.output), collect(engine.containerLogs(id, { follow: true }))];
    const failures = [running.exitCode(), engine.waitForExit(id), events];
    // Each of them has to be under way.
    await new Promise((resolve) => setImmediate(resolve));
    engine.lose();
    assert.deepEqual(await Promise.all(ends), [[], []]);
    for (const failure of failures) {
      await assert.rejects(failure, EngineLostError);
    }
    await assert.rejects(engine.info(), EngineLostError);
  });
});
