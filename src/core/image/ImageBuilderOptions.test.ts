import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import type { FakeEngineOptions } from "../../../test/fake/FakeEngineOptions";
import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { PullForbiddenError } from "../errors/imageErrors";
import { ManifestStore } from "../fingerprint/ManifestStore";
import { LABEL } from "../labels";
import type { BuildEvent } from "../ports/BuildEvent";
import type { BuildImageOptions } from "../ports/ContainerEngine";
import { workspaceOf } from "../Workspace";
import { BuildLock } from "./sharing/BuildLock";
import { ImageBuilder, type ResolveOptions } from "./ImageBuilder";
import type { ImageResolution } from "./ImageResolution";

/** Keeps what it was asked to build with. */
class ListeningEngine extends FakeContainerEngine {
  asked: BuildImageOptions | undefined;

  override async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
    this.asked = options;
    yield* super.buildImage(options);
  }

  count(call: string): number {
    return this.calls.filter((name) => name === call).length;
  }
}

describe("ImageBuilder, what a build can be told", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-builder-")));
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\nCOPY . /app\n");
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}-manifests`, { recursive: true, force: true });
    await rm(`${folder}-locks`, { recursive: true, force: true });
  });

  const newEngine = (options: FakeEngineOptions = {}): ListeningEngine =>
    new ListeningEngine({ images: ["busybox"], registry: ["busybox"], ...options });
  const resolve = async (
    engine: ListeningEngine,
    build: Partial<BuildConfiguration>,
    options: ResolveOptions = {},
  ): Promise<ImageResolution> => {
    const builder = new ImageBuilder({
      engine,
      workspace: workspaceOf(folder),
      manifests: new ManifestStore(`${folder}-manifests`),
      locks: new BuildLock(`${folder}-locks`),
    });
    const whole = {
      dockerfile: join(folder, "Dockerfile"),
      context: folder,
      target: undefined,
      platform: undefined,
      args: {},
      ...build,
    };
    const steps = builder.resolve(whole, options);
    for (;;) {
      const next = await steps.next();
      if (next.done === true) {
        return next.value;
      }
    }
  };

  describe("pull", () => {
    it('"missing" asks the registry only for what is not here', async () => {
      const here = newEngine();
      await resolve(here, {});
      assert.equal(here.count("pullImage"), 0);
      const away = newEngine({ images: [] });
      await resolve(away, { pull: "missing" });
      assert.equal(away.count("pullImage"), 1);
    });

    it('"always" asks each time, before it decides, and builds only when another image came', async () => {
      const engine = newEngine();
      await resolve(engine, { pull: "always" });
      const id = (await engine.inspectImage("busybox"))?.id;
      engine.pulledId = id;
      assert.equal((await resolve(engine, { pull: "always" })).wasBuilt, false);
      engine.pulledId = `sha256:${"7".repeat(64)}`;
      const { wasBuilt, reason } = await resolve(engine, { pull: "always" });
      assert.deepEqual([wasBuilt, reason], [true, "base image busybox changed"]);
      assert.equal(engine.count("pullImage"), 3);
    });

    it('"never" asks no registry, and names the line of what is not here', async () => {
      const here = newEngine();
      await resolve(here, { pull: "never" }, { noCache: true });
      assert.equal(here.count("pullImage"), 0);
      await assert.rejects(resolve(newEngine({ images: [] }), { pull: "never" }), (error: unknown) => {
        assert.ok(error instanceof PullForbiddenError);
        assert.deepEqual(error.location, { dockerfile: "Dockerfile", line: 1 });
        return true;
      });
    });

    it("comes from the configuration, else from who asks", async () => {
      const engine = newEngine();
      await resolve(engine, { pull: "missing" }, { pull: "always" });
      assert.equal(engine.count("pullImage"), 0);
      await resolve(engine, {}, { pull: "always" });
      assert.equal(engine.count("pullImage"), 1);
    });
  });

  describe("tag", () => {
    it("is given beside the fingerprint's, and moves to what is built next", async () => {
      const engine = newEngine();
      const first = await resolve(engine, { tag: "mine:dev" });
      assert.equal((await engine.inspectImage("mine:dev"))?.id, first.imageId);
      await writeFile(join(folder, "file"), "");
      const second = await resolve(engine, { tag: "mine:dev" });
      assert.notEqual(second.imageId, first.imageId);
      assert.equal((await engine.inspectImage("mine:dev"))?.id, second.imageId);
    });

    it("is given to an image that is fresh already, and not asked for twice", async () => {
      const engine = newEngine();
      const { imageId } = await resolve(engine, {});
      const { wasBuilt } = await resolve(engine, { tag: "mine:dev" });
      assert.equal(wasBuilt, false);
      assert.equal((await engine.inspectImage("mine:dev"))?.id, imageId);
      const before = engine.count("tagImage");
      await resolve(engine, { tag: "mine:dev" });
      assert.equal(engine.count("tagImage"), before);
    });
  });

  it("without cache by configuration builds every step anew, but only when there is something to build", async () => {
    const engine = newEngine();
    await resolve(engine, { noCache: true });
    assert.equal(engine.asked?.noCache, true);
    engine.asked = undefined;
    assert.equal((await resolve(engine, { noCache: true })).wasBuilt, false);
    assert.equal(engine.asked, undefined);
  });

  it("hands the engine what the configuration says, and never lets go of its own labels", async () => {
    const engine = newEngine();
    const told = {
      network: "none",
      extraHosts: { db: "10.0.0.2" },
      cacheFrom: ["mine:cache"],
      target: undefined,
      platform: "linux/amd64",
    };
    const { fingerprint } = await resolve(engine, {
      ...told,
      labels: { team: "a", [LABEL.fingerprint]: "forged" },
    });
    const { network, extraHosts, cacheFrom, target, platform, labels } =
      engine.asked ?? assert.fail("nothing was built");
    assert.deepEqual({ network, extraHosts, cacheFrom, target, platform }, told);
    assert.equal(labels["team"], "a");
    assert.equal(labels[LABEL.fingerprint], fingerprint);
  });

  it("removes what a build has superseded, but for as many as are to stay", async () => {
    const engine = newEngine();
    const built: string[] = [];
    for (const content of ["1", "2", "3"]) {
      await writeFile(join(folder, "file"), content);
      built.push((await resolve(engine, {}, { keepImages: 1 })).imageId);
    }
    const left = await Promise.all(built.map(async (id) => (await engine.inspectImage(id)) !== undefined));
    assert.deepEqual(left, [false, true, true]);
    await writeFile(join(folder, "file"), "4");
    await resolve(engine, {});
    assert.ok((await engine.inspectImage(built[1] ?? "")) !== undefined, "without a number, all stay");
  });
});
