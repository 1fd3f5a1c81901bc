import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect } from "../../../test/conformance/collect";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import { ImageBuildError } from "../errors/imageErrors";
import { ProvisionError, ResourceError } from "../errors/provisionErrors";
import { InProcessScanner } from "../fingerprint/scan/InProcessScanner";
import type { ImageEvent } from "../image/ImageResolution";
import { BuildLock } from "../image/sharing/BuildLock";
import { LABEL } from "../labels";
import type { BuildEvent } from "../ports/BuildEvent";
import type { BuildImageOptions } from "../ports/ContainerEngine";
import { workspaceOf } from "../Workspace";
import { LayerProvisioner, type LayerProvisionerOptions } from "./LayerProvisioner";
import type { ProvisionedImage, ProvisionOptions } from "./Provisioner";

/** Does something before each build. */
class WatchedEngine extends FakeContainerEngine {
  before: () => void = () => undefined;

  override async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
    this.before();
    yield* super.buildImage(options);
  }

  get dockerfiles(): readonly string[] {
    return this.builds.map(({ context }) => Buffer.from(context.dockerfile.content).toString());
  }
}

describe("LayerProvisioner", () => {
  let root: string;
  let engine: WatchedEngine;
  let events: ImageEvent[];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "slipway-provision-"));
    writeFileSync(join(root, "tool"), "tool");
    engine = new WatchedEngine({ images: ["busybox"], registry: ["debian:stable-slim"] });
    events = [];
  });
  afterEach(async () => {
    await engine.close();
    rmSync(root, { recursive: true, force: true });
  });

  const provisioner = (options: Partial<LayerProvisionerOptions> = {}): LayerProvisioner =>
    new LayerProvisioner({
      ...{ engine, workspace: workspaceOf("/home/me/app"), cacheFolder: join(root, "cache") },
      ...{ locks: new BuildLock(join(root, "locks")), scanner: new InProcessScanner() },
      ...options,
    });
  const provision = async (
    options: Partial<ProvisionOptions> = {},
    of: LayerProvisioner = provisioner(),
  ): Promise<ProvisionedImage> => {
    const resources = [{ source: join(root, "tool"), target: "/opt/tool" }];
    const running = of.provision({ baseImage: "busybox", resources, ...options });
    for (;;) {
      const next = await running.next();
      if (next.done === true) {
        return next.value;
      }
      events.push(next.value);
    }
  };
  const isThere = async ({ imageId }: ProvisionedImage): Promise<boolean> =>
    (await engine.inspectImage(imageId)) !== undefined;

  it("builds one layer on the base image, and only when something has changed", async () => {
    const first = await provision();
    assert.equal(first.wasBuilt, true);
    assert.equal(first.reference, `localhost/slipway-provision:${first.hash}`);
    assert.deepEqual(engine.dockerfiles, ["FROM busybox\nADD resources.tar /\n"]);
    const image = await engine.inspectImage(first.reference);
    assert.deepEqual(
      [image?.id, image?.labels[LABEL.kind], image?.labels[LABEL.fingerprint]],
      [first.imageId, "provision", first.hash],
    );
    events = [];
    assert.deepEqual(await provision(), { ...first, wasBuilt: false });
    assert.deepEqual(events, []);
    writeFileSync(join(root, "tool"), "changed");
    assert.equal((await provision()).wasBuilt, true);
    assert.equal(engine.builds.length, 2);
    assert.deepEqual(await engine.listContainers({ labels: {} }), []);
    assert.deepEqual(readdirSync(join(root, "cache/provision")), []);
  });

  it("builds again where that is asked for, each time or by an option", async () => {
    await provision();
    assert.equal((await provision({ forceRebuild: true })).wasBuilt, true);
    assert.equal((await provision({ noCache: true })).wasBuilt, true);
    assert.equal((await provision({}, provisioner({ forceRebuild: true }))).wasBuilt, true);
    assert.equal(engine.builds.length, 4);
    assert.equal(engine.builds[2]?.noCache, true);
  });

  it("shares one build with whoever asks for the same, in this process and beyond", async () => {
    const images = await Promise.all([provision(), provision(), provision({}, provisioner())]);
    assert.equal(new Set(images.map(({ imageId }) => imageId)).size, 1);
    assert.equal(engine.builds.length, 1);
  });

  it("starts over when a resource changes under the build, and leaves no image that lies", async () => {
    engine.before = () => {
      engine.before = () => undefined;
      writeFileSync(join(root, "tool"), "changed meanwhile");
    };
    const image = await provision();
    assert.equal(engine.builds.length, 2);
    assert.deepEqual(
      (await engine.listImages({ labels: { [LABEL.kind]: "provision" } })).map(({ id }) => id),
      [image.imageId],
    );
    let count = 0;
    writeFileSync(join(root, "tool"), "new");
    engine.before = () => {
      writeFileSync(join(root, "tool"), String(count++));
    };
    await assert.rejects(provision(), ResourceError);
  });

  it("takes the default image where none is named, and pulls it", async () => {
    const image = await provision({ baseImage: undefined });
    assert.deepEqual(engine.dockerfiles, ["FROM debian:stable-slim\nADD resources.tar /\n"]);
    assert.equal((await provision({ baseImage: "debian:stable-slim" })).imageId, image.imageId);
    await provision({ baseImage: undefined }, provisioner({ defaultImage: "busybox" }));
    assert.equal(engine.dockerfiles.at(-1), "FROM busybox\nADD resources.tar /\n");
  });

  it("names a base image that is known by its ID only", async () => {
    const { id } = (await engine.inspectImage("busybox")) ?? { id: "" };
    await provision({ baseImage: id });
    assert.match(engine.dockerfiles[0] ?? "", /^FROM (?:[\w./]+\/)?busybox/);
    const dockerfile = { pathInContext: undefined, content: Buffer.from("FROM busybox\nENV A=b\n") };
    const nameless = await collect(
      engine.buildImage({ context: { root, entries: [], dockerfile }, tags: [], labels: {}, args: {} }),
    );
    const last = nameless.at(-1);
    const imageId = last?.type === "image" ? last.imageId : "";
    await provision({ baseImage: imageId });
    const name = `localhost/slipway-base:${imageId.slice("sha256:".length)}`;
    assert.equal(engine.dockerfiles.at(-1), `FROM ${name}\nADD resources.tar /\n`);
    assert.equal((await engine.inspectImage(name))?.id, imageId);
  });

  it("removes what it has made, and nothing else", async () => {
    const image = await provision();
    await engine.tagImage("busybox", `localhost/slipway-provision:${"0".repeat(64)}`);
    const remove = async (reference: string): Promise<boolean> => provisioner().cleanup(reference);
    for (const other of ["busybox", image.imageId, "slipway-provision:latest", `x/${image.reference}`]) {
      assert.equal(await remove(other), false);
    }
    assert.equal(await remove(`slipway-provision:${"0".repeat(64)}`), false);
    assert.ok(await isThere(image));
    assert.equal(await remove(`slipway-provision:${image.hash}`), true);
    assert.ok(!(await isThere(image)));
    assert.equal(await remove(image.reference), false);
  });

  it("removes what a build has superseded, but for as many as are to stay and what has another name", async () => {
    const made: ProvisionedImage[] = [];
    for (const content of ["1", "2", "3", "4"]) {
      writeFileSync(join(root, "tool"), content);
      made.push(await provision());
    }
    await engine.tagImage(made[0]?.reference ?? "", "mine:1");
    writeFileSync(join(root, "tool"), "5");
    made.push(await provision({ keepImages: 1 }));
    assert.deepEqual(await Promise.all(made.map(isThere)), [true, false, false, true, true]);
  });

  it("says what the builder says, without advice about a Dockerfile that nobody has written", async () => {
    engine.before = () => {
      throw new ImageBuildError({ step: "ADD", exitCode: undefined, output: "", detail: "lchown: invalid argument" });
    };
    await assert.rejects(
      provision(),
      (error) => error instanceof ProvisionError && /lchown/.test(error.message) && !/Dockerfile/.test(error.message),
    );
    assert.deepEqual(readdirSync(join(root, "cache/provision")), []);
  });
});
