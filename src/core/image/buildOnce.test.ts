import assert from "node:assert/strict";
import { mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../../test/conformance/until";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import { BuildSecretError } from "../errors/configurationErrors";
import { ImageBuildError } from "../errors/imageErrors";
import { ManifestStore } from "../fingerprint/ManifestStore";
import { LABEL } from "../labels";
import type { BuildEvent } from "../ports/BuildEvent";
import type { BuildImageOptions } from "../ports/ContainerEngine";
import { workspaceOf } from "../Workspace";
import { buildKey } from "./buildKey";
import { ImageBuilder, type ResolveOptions } from "./ImageBuilder";
import type { ImageEvent, ImageResolution } from "./ImageResolution";
import { BuildLock, type HeldLock } from "./sharing/BuildLock";

/** Its builds wait until they are let go. */
class HeldEngine extends FakeContainerEngine {
  private readonly held: (() => void)[] = [];
  private readonly waiting: (() => void)[] = [];
  aborted = 0;

  override async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
    yield { type: "output", stepId: undefined, text: "begun\n" };
    await new Promise<void>((resolve, reject) => {
      this.held.push(resolve);
      options.signal?.addEventListener("abort", () => {
        this.aborted++;
        reject(options.signal?.reason as Error);
      });
      this.waiting.splice(0).forEach((tell) => {
        tell();
      });
    });
    yield* super.buildImage(options);
  }

  /** As another process does, with another result. */
  async buildElsewhere({ reference, fingerprint = "" }: ImageResolution): Promise<void> {
    const building = super.buildImage({
      context: {
        root: "/",
        entries: [],
        dockerfile: { pathInContext: undefined, content: Buffer.from("FROM busybox\n") },
      },
      images: [],
      tags: [reference],
      labels: { [LABEL.fingerprint]: fingerprint },
      args: {},
      target: undefined,
      platform: undefined,
      noCache: true,
    });
    while ((await building.next()).done !== true) {
      // Nobody reads it.
    }
  }

  get buildCount(): number {
    return this.calls.filter((call) => call === "buildImage").length;
  }

  /** Resolves once a build has begun and waits. */
  async begun(): Promise<void> {
    if (this.held.length === 0) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  letGo(): void {
    this.held.splice(0).forEach((go) => {
      go();
    });
  }
}

describe("ImageBuilder, when several want the same image", () => {
  let folder: string;
  let engine: HeldEngine;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-once-")));
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\nCOPY . /app\n");
    engine = new HeldEngine({ images: ["busybox"] });
  });

  afterEach(async () => {
    for (const path of [folder, `${folder}-manifests`, `${folder}-locks`]) {
      await rm(path, { recursive: true, force: true });
    }
  });

  const resolve = async (
    options: ResolveOptions = {},
    events: ImageEvent[] = [],
    secrets: { readonly id: string; readonly kind: "env"; readonly variable: string }[] = [],
  ): Promise<ImageResolution> => {
    const builder = new ImageBuilder({
      engine,
      workspace: workspaceOf(folder),
      manifests: new ManifestStore(`${folder}-manifests`),
      locks: new BuildLock(`${folder}-locks`),
      env: {},
    });
    const context = { dockerfile: join(folder, "Dockerfile"), context: folder };
    const steps = builder.resolve({ ...context, target: undefined, platform: undefined, args: {}, secrets }, options);
    for (;;) {
      const next = await steps.next();
      if (next.done === true) {
        return next.value;
      }
      events.push(next.value);
    }
  };
  const textOf = (events: readonly ImageEvent[]): string =>
    events.map((event) => (event.type === "build" && event.event.type === "output" ? event.event.text : "")).join("");

  it("has begun when the decision is told, and ends with whoever leaves then", async () => {
    const builder = new ImageBuilder({
      engine,
      workspace: workspaceOf(folder),
      manifests: new ManifestStore(`${folder}-manifests`),
      locks: new BuildLock(`${folder}-locks`),
    });
    const context = { dockerfile: join(folder, "Dockerfile"), context: folder };
    for await (const event of builder.resolve({ ...context, target: undefined, platform: undefined, args: {} })) {
      assert.equal(event.type, "decision");
      assert.equal(engine.aborted, 0);
      await engine.begun();
      break;
    }
    assert.equal(engine.aborted, 1);
    assert.deepEqual(await readdir(`${folder}-locks`), []);
  });

  it("tells the decision first also when the build fails at once", async () => {
    class FailingEngine extends HeldEngine {
      override async *buildImage(): AsyncGenerator<BuildEvent> {
        await Promise.resolve();
        yield* [];
        throw new ImageBuildError({ step: undefined, exitCode: undefined, output: "", detail: "no" });
      }
    }
    engine = new FailingEngine({ images: ["busybox"] });
    const events: ImageEvent[] = [];
    await assert.rejects(resolve({}, events), ImageBuildError);
    assert.deepEqual(
      events.map(({ type }) => type),
      ["decision"],
    );
  });

  it("builds once, and shows each the whole of it", async () => {
    const events: ImageEvent[][] = [[], []];
    const first = resolve({}, events[0]);
    await engine.begun();
    const second = resolve({}, events[1]);
    setTimeout(() => {
      engine.letGo();
    }, 50);
    const [one, two] = await Promise.all([first, second]);
    assert.equal(engine.buildCount, 1);
    assert.equal(one.imageId, two.imageId);
    assert.deepEqual([one.wasBuilt, two.wasBuilt], [true, true]);
    assert.ok(textOf(events[0] ?? []).startsWith("begun\n"));
    assert.equal(textOf(events[1] ?? []), textOf(events[0] ?? []));
  });

  it("ends the build only when the last has left", async () => {
    const leaving = new AbortController();
    const first = resolve({ signal: leaving.signal });
    await engine.begun();
    const second = resolve();
    await new Promise((done) => setTimeout(done, 50));
    leaving.abort();
    await assert.rejects(first, { name: "AbortError" });
    assert.equal(engine.aborted, 0);
    engine.letGo();
    assert.equal((await second).wasBuilt, true);

    await writeFile(join(folder, "file"), "");
    const last = new AbortController();
    const third = resolve({ signal: last.signal });
    await engine.begun();
    last.abort();
    await assert.rejects(third, { name: "AbortError" });
    assert.equal(engine.aborted, 1);
  });

  it("takes what another process has built while it waited for it", async () => {
    const first = resolve();
    await engine.begun();
    engine.letGo();
    const { reference, imageId } = await first;
    await engine.tagImage(reference, "kept:1");
    await engine.removeImage(reference);
    // Another process has the lock; it makes the image, and lets go.
    const locks = new BuildLock(`${folder}-locks`);
    const key = buildKey(engine, reference);
    assert.equal(await locks.isHeld(key), false);
    const taken = await locks.acquire(key, {}).next();
    assert.equal(await locks.isHeld(key), true);
    assert.ok(taken.done === true);
    const events: ImageEvent[] = [];
    const second = resolve({}, events);
    const isWaiting = (event: ImageEvent): boolean => event.type === "build" && event.event.type === "progress";
    await until(async () => Promise.resolve(events.some(isWaiting)));
    await engine.tagImage("kept:1", reference);
    await taken.value.release();
    const resolution = await second;
    assert.deepEqual([resolution.wasBuilt, resolution.imageId], [false, imageId]);
    assert.match(resolution.reason, /^fresh: another Slipway has just built it \(/);
    assert.equal(engine.buildCount, 1);
  });

  describe("when a rebuild is asked for while another process has the lock", () => {
    let resolution: ImageResolution;
    let other: HeldLock;

    beforeEach(async () => {
      const first = resolve();
      await engine.begun();
      engine.letGo();
      resolution = await first;
      const taken = await new BuildLock(`${folder}-locks`).acquire(buildKey(engine, resolution.reference), {}).next();
      assert.ok(taken.done === true);
      other = taken.value;
    });

    const rebuild = async (meanwhile: () => Promise<unknown>): Promise<ImageResolution> => {
      const events: ImageEvent[] = [];
      const second = resolve({ force: true }, events);
      const isWaiting = (event: ImageEvent): boolean => event.type === "build" && event.event.type === "progress";
      await until(async () => Promise.resolve(events.some(isWaiting)));
      await meanwhile();
      await other.release();
      return second;
    };

    it("takes what that one has made anew", async () => {
      const { imageId, wasBuilt } = await rebuild(async () => engine.buildElsewhere(resolution));
      assert.equal(wasBuilt, false);
      assert.notEqual(imageId, resolution.imageId);
    });

    it("builds where that one has come to nothing", async () => {
      const second = rebuild(async () => Promise.resolve());
      await engine.begun();
      engine.letGo();
      assert.equal((await second).wasBuilt, true);
      assert.equal(engine.buildCount, 2);
    });
  });

  it("fails for all with the same failure", async () => {
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\nRUN wrong\n");
    const both = [resolve(), resolve()];
    await engine.begun();
    await new Promise((done) => setTimeout(done, 50));
    engine.letGo();
    const outcomes = await Promise.allSettled(both);
    for (const outcome of outcomes) {
      assert.ok(outcome.status === "rejected");
      assert.ok(outcome.reason instanceof ImageBuildError);
      assert.equal(outcome.reason.failure.line, 2);
    }
    assert.equal(engine.buildCount, 1);
  });

  it("tells of a secret that is not there before anything is pulled or built", async () => {
    engine = new HeldEngine({ images: [], registry: ["busybox"] });
    await assert.rejects(resolve({}, [], [{ id: "npm", kind: "env", variable: "TOKEN" }]), (error: unknown) => {
      assert.ok(error instanceof BuildSecretError);
      assert.match(error.message, /npm.*TOKEN/);
      return true;
    });
    assert.ok(!engine.calls.includes("pullImage"));
  });
});
