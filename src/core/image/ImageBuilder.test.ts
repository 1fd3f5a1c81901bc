import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContextChangedError, ImageBuildError, ImageNotFoundError } from "../errors/imageErrors";
import { ManifestStore } from "../fingerprint/ManifestStore";
import { LABEL } from "../labels";
import type { BuildEvent } from "../ports/BuildEvent";
import type { BuildImageOptions } from "../ports/ContainerEngine";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import type { FakeEngineOptions } from "../../../test/fake/FakeEngineOptions";
import { MachineKey } from "../redact/MachineKey";
import { workspaceOf } from "../Workspace";
import { BuildLock } from "./sharing/BuildLock";
import { ImageBuilder, type ResolveOptions } from "./ImageBuilder";
import type { ImageEvent, ImageResolution } from "./ImageResolution";

describe("ImageBuilder", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-builder-")));
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\nCOPY . /app\n");
    await writeFile(join(folder, "app.txt"), "1");
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const builderOn = (engine: FakeContainerEngine): ImageBuilder =>
    new ImageBuilder({
      engine,
      workspace: workspaceOf(folder),
      manifests: new ManifestStore(`${folder}-manifests`),
      locks: new BuildLock(`${folder}-locks`),
    });
  const build = () => ({
    dockerfile: join(folder, "Dockerfile"),
    context: folder,
    target: undefined,
    platform: undefined,
    args: {},
  });
  const resolve = async (
    engine: FakeContainerEngine,
    options: ResolveOptions = {},
  ): Promise<{ readonly events: readonly ImageEvent[]; readonly resolution: ImageResolution }> => {
    const events: ImageEvent[] = [];
    const steps = builderOn(engine).resolve(build(), options);
    for (;;) {
      const next = await steps.next();
      if (next.done === true) {
        return { events, resolution: next.value };
      }
      events.push(next.value);
    }
  };
  const newEngine = (options: FakeEngineOptions = {}): FakeContainerEngine =>
    new FakeContainerEngine({ images: ["busybox"], ...options });
  const count = (engine: FakeContainerEngine, call: string): number =>
    engine.calls.filter((name) => name === call).length;

  it("names to the engine all images that registries may be asked for: bases, sources and the frontend", async () => {
    let images: BuildImageOptions["images"];
    class ListeningEngine extends FakeContainerEngine {
      override async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
        ({ images } = options);
        yield* super.buildImage(options);
      }
    }
    await writeFile(
      join(folder, "Dockerfile"),
      "# syntax=quay.io/front:1\nFROM never.example/x AS unused\nFROM busybox\nCOPY . /app\nRUN --mount=from=alpine true\n",
    );
    const program = (): number => 0;
    const engine = new ListeningEngine({ images: ["busybox", "alpine"], programs: { true: program } });
    await resolve(engine).catch(() => undefined);
    assert.deepEqual(
      images?.map(({ reference }) => reference),
      ["quay.io/front:1", "busybox", "alpine"],
    );
  });

  it("warns where the key of this machine cannot be kept, and only where one is needed", async () => {
    await writeFile(`${folder}-file`, "");
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\nARG URL\n");
    const warningsWith = async (args: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const builder = new ImageBuilder({
        engine: newEngine(),
        workspace: workspaceOf(folder),
        manifests: new ManifestStore(`${folder}-manifests`),
        locks: new BuildLock(`${folder}-locks`),
        machineKey: new MachineKey(join(`${folder}-file`, "cache")),
      });
      const warnings: string[] = [];
      for await (const event of builder.resolve({ ...build(), args })) {
        warnings.push(...(event.type === "build" && event.event.type === "warning" ? [event.event.message] : []));
      }
      return warnings;
    };
    assert.deepEqual(await warningsWith({ URL: "https://host" }), []);
    assert.match((await warningsWith({ URL: "https://me:s3cret@host" })).join(), /machine\.key \(/);
    await rm(`${folder}-file`);
  });

  it("warns of arguments that have no effect, when it builds", async () => {
    const engine = newEngine();
    const warnings: string[] = [];
    for (const expected of [
      ["The build argument TYPO has no effect: no ARG TYPO is in the stages that are built."],
      [],
    ]) {
      warnings.length = 0;
      for await (const event of builderOn(engine).resolve({ ...build(), args: { TYPO: "1" } })) {
        warnings.push(...(event.type === "build" && event.event.type === "warning" ? [event.event.message] : []));
      }
      assert.deepEqual(warnings, expected);
    }
  });

  afterEach(async () => {
    await rm(`${folder}-manifests`, { recursive: true, force: true });
    await rm(`${folder}-locks`, { recursive: true, force: true });
  });

  it("builds once, and then only when an input has changed", async () => {
    const engine = newEngine();
    const first = await resolve(engine);
    assert.equal(first.resolution.wasBuilt, true);
    assert.equal(first.resolution.reason, "there is no image yet");
    const second = await resolve(engine);
    assert.equal(second.resolution.wasBuilt, false);
    assert.match(second.resolution.reason, /^fresh: 4 inputs unchanged$/);
    assert.equal(second.resolution.imageId, first.resolution.imageId);
    await writeFile(join(folder, "app.txt"), "2");
    const third = await resolve(engine);
    assert.equal(third.resolution.wasBuilt, true);
    assert.equal(third.resolution.reason, "app.txt changed");
    assert.equal(count(engine, "buildImage"), 2);
  });

  it("comes back to an earlier state without a build", async () => {
    const engine = newEngine();
    await resolve(engine);
    await writeFile(join(folder, "app.txt"), "2");
    await resolve(engine);
    await writeFile(join(folder, "app.txt"), "1");
    assert.equal((await resolve(engine)).resolution.wasBuilt, false);
    await writeFile(join(folder, "app.txt"), "3");
    assert.equal((await builderOn(engine).check(build())).reason, "app.txt changed");
  });

  it("looks without changing anything", async () => {
    const engine = newEngine();
    assert.equal((await builderOn(engine).check(build())).state, "absent");
    await resolve(engine);
    assert.equal((await builderOn(engine).check(build())).state, "fresh");
    await writeFile(join(folder, "app.txt"), "2");
    const decision = await builderOn(engine).check(build());
    assert.equal(decision.state, "stale");
    assert.deepEqual(decision.changes, [{ change: "changed", subject: "app.txt" }]);
    assert.equal(count(engine, "buildImage"), 1);
    assert.equal(count(engine, "pullImage"), 0);
  });

  it("builds again when another image stands behind the base image's name", async () => {
    const engine = newEngine();
    await resolve(engine);
    engine.replaceImage("busybox");
    assert.equal((await resolve(engine)).resolution.reason, "base image busybox changed");
  });

  it("builds again when the image was removed, and says so", async () => {
    const engine = newEngine();
    const { resolution } = await resolve(engine);
    await engine.removeImage(resolution.reference);
    assert.equal((await resolve(engine)).resolution.reason, "the image is not there any more");
  });

  it("does not trust a tag whose image has another label", async () => {
    const engine = newEngine();
    const { resolution } = await resolve(engine);
    await engine.removeImage(resolution.reference);
    engine.replaceImage(resolution.reference);
    assert.equal((await builderOn(engine).check(build())).state, "absent");
  });

  it("pulls a base image that is not there before it builds, so that the image is fresh afterwards", async () => {
    const engine = newEngine({ images: [], registry: ["busybox"] });
    await resolve(engine);
    assert.equal((await resolve(engine)).resolution.wasBuilt, false);
    assert.ok(engine.calls.indexOf("pullImage") < engine.calls.indexOf("buildImage"));
  });

  it("says in the end what changed once the base image is there, since more may count before", async () => {
    const engine = newEngine({ images: ["busybox"], registry: ["alpine"] });
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\n");
    await resolve(engine);
    await writeFile(join(folder, "Dockerfile"), "FROM alpine\n");
    const { resolution, events } = await resolve(engine);
    const [before] = events.flatMap((event) => (event.type === "decision" ? [event.decision.reason] : []));
    assert.match(before ?? "", /app\.txt added/);
    assert.equal(resolution.reason, "Dockerfile changed, base image alpine added, base image busybox removed");
  });

  it("names the line that asks for a base image which is nowhere", async () => {
    await assert.rejects(resolve(newEngine({ images: [] })), (error: unknown) => {
      assert.ok(error instanceof ImageNotFoundError);
      assert.deepEqual(error.location, { dockerfile: "Dockerfile", line: 1 });
      return true;
    });
  });

  it("builds a fresh image when it is forced, and says why", async () => {
    const engine = newEngine();
    await resolve(engine);
    const { resolution } = await resolve(engine, { force: true });
    assert.equal(resolution.wasBuilt, true);
    assert.equal(resolution.reason, "a rebuild was asked for");
    assert.equal(count(engine, "pullImage"), 0);
  });

  it("without cache pulls first, and makes do with the local image where that fails", async () => {
    const engine = newEngine();
    const { events } = await resolve(engine, { noCache: true });
    const warnings = events.flatMap((event) =>
      event.type === "build" && event.event.type === "warning" ? [event.event.message] : [],
    );
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /busybox could not be pulled, the local one is used/);
  });

  it("adds the place in the Dockerfile to a step that failed", async () => {
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\n\nRUN wrong\n");
    const engine = newEngine({ programs: { '["/bin/sh","-c","wrong"]': () => 3 } });
    await assert.rejects(resolve(engine), (error: unknown) => {
      assert.ok(error instanceof ImageBuildError);
      assert.equal(error.failure.dockerfile, "Dockerfile");
      assert.equal(error.failure.line, 3);
      assert.equal(error.failure.exitCode, 3);
      return true;
    });
  });

  it("needs no build when only the base image had gone and can be pulled", async () => {
    const engine = newEngine({ images: [], registry: ["busybox"] });
    await resolve(engine);
    const id = (await engine.inspectImage("busybox"))?.id ?? "";
    await engine.removeImage("busybox");
    assert.match(
      (await builderOn(engine).check(build())).reason,
      /busybox changed \(it is not on this engine, or not for this platform\)/,
    );
    engine.pulledId = id;
    const { resolution, events } = await resolve(engine);
    assert.equal(resolution.wasBuilt, false);
    assert.match(resolution.reason, /^fresh/);
    assert.deepEqual(
      events.flatMap((event) => (event.type === "decision" ? [event.willBuild] : [])),
      [true, false],
    );
  });

  it("takes a local image for another platform for none", async () => {
    const engine = newEngine({ registry: ["busybox"] });
    await writeFile(join(folder, "Dockerfile"), "FROM --platform=linux/arm64 busybox\n");
    await resolve(engine);
    assert.equal((await engine.inspectImage("busybox"))?.platform, "linux/arm64");
    assert.equal((await resolve(engine)).resolution.wasBuilt, false);
  });

  it("knows the platform that a base image's name can hold", async () => {
    const engine = newEngine({ images: ["base-amd64", "busybox"] });
    await writeFile(join(folder, "Dockerfile"), "FROM base-$TARGETARCH AS base\nFROM busybox\nCOPY --from=base / /\n");
    await resolve(engine);
    engine.replaceImage("base-amd64");
    assert.equal((await resolve(engine)).resolution.reason, "base image base-amd64 changed");
  });

  it("leaves an image that it has replaced when somebody gave it another name", async () => {
    const engine = newEngine();
    const { resolution } = await resolve(engine);
    engine.tag(resolution.imageId, "mine:1");
    await writeFile(join(folder, ".dockerignore"), "");
    await resolve(engine);
    await resolve(engine, { force: true });
    assert.equal((await engine.inspectImage("mine:1"))?.id, resolution.imageId);
  });

  it("does not fail when it cannot write down what the image was made from", async () => {
    await writeFile(`${folder}-manifests`, "a file where a folder should be");
    const engine = newEngine();
    const { events, resolution } = await resolve(engine);
    assert.equal(resolution.wasBuilt, true);
    assert.ok(events.some((event) => event.type === "build" && event.event.type === "warning"));
    assert.equal((await resolve(engine)).resolution.wasBuilt, false);
  });

  it("starts over when a base image changes while it builds", async () => {
    const engine = newEngine({
      programs: {
        '["/bin/sh","-c","once"]': () => {
          if (count(engine, "buildImage") === 1) {
            engine.replaceImage("busybox");
          }
          return 0;
        },
      },
    });
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\nRUN once\n");
    const { resolution } = await resolve(engine);
    assert.equal(count(engine, "buildImage"), 2);
    assert.equal((await builderOn(engine).check(build())).state, "fresh");
    assert.equal((await engine.listImages({ labels: {} })).filter(({ id }) => id === resolution.imageId).length, 1);
  });

  it("knows an image of which nothing is written down for stale, and a stranger made FROM it for none", async () => {
    const engine = newEngine();
    const { resolution } = await resolve(engine);
    await rm(`${folder}-manifests`, { recursive: true });
    assert.equal((await builderOn(engine).check(build())).state, "fresh");
    await writeFile(join(folder, "more"), "");
    const { state, reason, changes } = await builderOn(engine).check(build());
    assert.deepEqual([state, changes], ["stale", []]);
    assert.match(reason, /nothing is written down/);
    await engine.tagImage(resolution.reference, "stranger:1");
    await engine.removeImage(resolution.reference);
    assert.equal((await builderOn(engine).check(build())).state, "absent");
  });

  it("starts over also when the new base image makes other inputs count", async () => {
    /** Moves the name of the base image, once. */
    class MovingEngine extends FakeContainerEngine {
      private moves = 1;

      async make(name: string, text: string): Promise<void> {
        const dockerfile = { pathInContext: undefined, content: Buffer.from(text) };
        const context = { root: folder, entries: [], dockerfile };
        for await (const event of super.buildImage({ context, tags: [name], labels: {}, args: {}, images: [] })) {
          assert.notEqual(event.type, "warning");
        }
      }

      override async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
        yield* super.buildImage(options);
        if (this.moves-- > 0) {
          await this.tagImage("other", "busybox");
        }
      }
    }
    const engine = new MovingEngine({ images: ["busybox"] });
    await engine.make("other", "FROM busybox\nONBUILD ARG EXTRA\n");
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\n");
    const warnings: string[] = [];
    for await (const event of builderOn(engine).resolve({ ...build(), args: { EXTRA: "1" } })) {
      if (event.type === "build" && event.event.type === "warning") {
        warnings.push(event.event.message);
      }
    }
    assert.ok(warnings.includes("The base image busybox changed meanwhile: starting over"), warnings.join("\n"));
    assert.equal(count(engine, "buildImage"), 3);
  });

  it("leaves no image behind when it is aborted before the image is known to be right", async () => {
    /** Has made the image, and does not end. */
    class LingeringEngine extends FakeContainerEngine {
      override async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
        yield* super.buildImage(options);
        await new Promise((_, reject) => {
          options.signal?.addEventListener("abort", () => {
            reject(options.signal?.reason as Error);
          });
        });
      }
    }
    const engine = new LingeringEngine({ images: ["busybox"] });
    const controller = new AbortController();
    const building = (async () => {
      for await (const event of builderOn(engine).resolve(build(), { signal: controller.signal })) {
        if (event.type === "build" && event.event.type === "image") {
          controller.abort();
        }
      }
    })();
    await assert.rejects(building, { name: "AbortError" });
    const labels = { [LABEL.kind]: "build" };
    assert.deepEqual(await engine.listImages({ labels }), []);
  });

  describe("when files change while it builds", () => {
    /** Gives up as often as it is told to. */
    class ChangingEngine extends FakeContainerEngine {
      constructor(private times: number) {
        super({ images: ["busybox"] });
      }

      override async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
        if (this.times-- > 0) {
          throw new ContextChangedError("app.txt");
        }
        yield* super.buildImage(options);
      }
    }

    it("starts over, and says so", async () => {
      const { events, resolution } = await resolve(new ChangingEngine(1));
      assert.equal(resolution.wasBuilt, true);
      assert.ok(events.some((event) => event.type === "build" && event.event.type === "warning"));
    });

    it("gives up when they never settle", async () => {
      await assert.rejects(resolve(new ChangingEngine(10)), ContextChangedError);
    });
  });
});
