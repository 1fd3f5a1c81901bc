import assert from "node:assert/strict";
import { ContainerNotFoundError } from "../../../src/core/errors/containerErrors";
import { EngineRequestError } from "../../../src/core/errors/engineErrors";
import { ImageNotFoundError } from "../../../src/core/errors/imageErrors";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { BUILD } from "../programs/buildPrograms";
import { runLine } from "../programs/ConformanceProgram";

export function describeImages(fixture: ConformanceFixture): void {
  describe("images", () => {
    const none = "localhost/slipway-test/none:1";

    it("are of an engine that says what it is", async () => {
      const { version, apiVersion, platform } = await fixture.engine.info();
      assert.match(version, /^\d+\.\d+/);
      assert.match(apiVersion, /^\d+\.\d+$/);
      assert.match(platform, /^linux\/\w+$/);
    });

    it("are found by their name and by their ID", async () => {
      const byName = await fixture.engine.inspectImage("busybox");
      assert.ok(byName);
      assert.match(byName.id, /^sha256:[0-9a-f]{64}$/);
      assert.deepEqual(await fixture.engine.inspectImage(byName.id), byName);
      assert.deepEqual(await fixture.engine.inspectImage("busybox:latest"), byName);
    });

    it("have a size, a date, a platform and the name that they were asked by", async () => {
      const image = await fixture.engine.inspectImage("busybox");
      assert.ok(image);
      assert.ok(image.sizeBytes > 0 && image.sizeBytes < 1e9, String(image.sizeBytes));
      assert.ok(image.created > 1e9 && image.created <= Date.now() / 1000 + 5, String(image.created));
      assert.equal(image.platform, fixture.info.platform);
      assert.ok(
        image.references.some((reference) => /(^|\/)busybox:latest$/.test(reference)),
        String(image.references),
      );
    });

    it("that are not there are told so", async () => {
      assert.equal(await fixture.engine.inspectImage(none), undefined);
      assert.equal(await fixture.engine.removeImage(none), "not-found");
      await assert.rejects(fixture.engine.tagImage(none, fixture.newReference()), ImageNotFoundError);
      await assert.rejects(collect(fixture.engine.pushImage({ reference: none })), ImageNotFoundError);
      await assert.rejects(fixture.create({ image: none }), ImageNotFoundError);
    });

    it("that no registry gives are named", async () => {
      const pull = collect(fixture.engine.pullImage({ reference: "localhost:1/slipway-test/none:1" }));
      await assert.rejects(
        pull,
        (error: unknown) =>
          // A registry that cannot be reached says nothing of the image.
          (error instanceof ImageNotFoundError || error instanceof EngineRequestError) &&
          error.message.includes("localhost:1/slipway-test/none:1"),
      );
    });

    it("lose one name at a time", async () => {
      const first = await fixture.build("FROM busybox\nLABEL names=two\n");
      const second = fixture.newReference();
      await fixture.engine.tagImage(first, second);
      const image = await fixture.engine.inspectImage(second);
      assert.ok(image);
      assert.deepEqual(image.references.toSorted(), [first, second].toSorted());
      // By its ID all names would go at once, and only by force.
      assert.equal(await fixture.engine.removeImage(image.id), "in-use");
      assert.equal(await fixture.engine.removeImage(first), "removed");
      assert.equal(await fixture.engine.inspectImage(first), undefined);
      assert.equal((await fixture.engine.inspectImage(second))?.id, image.id);
      assert.equal(await fixture.engine.removeImage(second), "removed");
      assert.equal(await fixture.engine.inspectImage(image.id), undefined);
    });

    it("stay as long as a container is made of them", async () => {
      const tag = await fixture.build("FROM busybox\nLABEL kept=1\n");
      const image = await fixture.engine.inspectImage(tag);
      // Running, since Podman would remove a running one by force.
      const id = await fixture.start({ image: tag });
      assert.equal((await fixture.engine.inspectContainer(id))?.imageId, image?.id);
      assert.equal(await fixture.engine.removeImage(image?.id ?? ""), "in-use");
      assert.equal(await fixture.engine.removeImage(tag), "in-use");
      assert.ok(await fixture.engine.inspectImage(tag));
      assert.equal((await fixture.engine.inspectContainer(id))?.state, "running");
      await fixture.engine.removeContainer(id);
      assert.equal(await fixture.engine.removeImage(tag), "removed");
      assert.equal(await fixture.engine.inspectImage(tag), undefined);
    });

    it("are listed by their labels, newest first", async () => {
      const labels = { ...fixture.labels, "dev.slipway.case": "listed" };
      // Where a build adds no files of its own, BuildKit dates its image as the base.
      const build = async (): Promise<string> =>
        fixture.build(`FROM busybox\n${runLine(BUILD.touches)}\n`, { labels, noCache: true });
      const older = await build();
      // Engines date images by the second.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const newer = await build();
      const listed = await fixture.engine.listImages({ labels });
      assert.deepEqual(
        listed.map(({ references }) => references),
        [[newer], [older]],
      );
      assert.ok(listed.every(({ sizeBytes, created }) => sizeBytes > 0 && created > 1e9));
      assert.deepEqual(await fixture.engine.listImages({ labels: { ...labels, "dev.slipway.case": "other" } }), []);
    });

    it("do not hide that a container is gone", async () => {
      const id = await fixture.create();
      await fixture.engine.removeContainer(id);
      await assert.rejects(fixture.engine.startContainer(id), ContainerNotFoundError);
    });
  });
}
