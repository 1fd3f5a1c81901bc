import assert from "node:assert/strict";
import { FakeWorkspaceImages } from "../../../../test/fake/FakeWorkspaceImages";
import { listWorkspaceImages } from "./listWorkspaceImages";
import { removeWorkspaceImage, type RemoveOutcome } from "./removeWorkspaceImage";

describe("removeWorkspaceImage", () => {
  let images: FakeWorkspaceImages;
  let id: string;

  beforeEach(async () => {
    images = await FakeWorkspaceImages.create();
    id = await images.build("a", 100);
  });
  afterEach(async () => {
    await images.remove();
  });

  const remove = async (meanwhile: () => Promise<unknown> = async () => Promise.resolve()): Promise<RemoveOutcome> => {
    const [image] = await listWorkspaceImages({ ...images.parts, fingerprint: "a" });
    assert.ok(image !== undefined);
    await meanwhile();
    return removeWorkspaceImage(image, images);
  };

  it("removes also the fresh one, and what was written down of it", async () => {
    assert.deepEqual(await remove(), { kind: "removed" });
    assert.equal(await images.engine.inspectImage(id), undefined);
    assert.equal((await images.manifests.lastUsed()).size, 0);
  });

  it("takes only our name from an image that has others", async () => {
    images.engine.tag(id, "mine:1");
    assert.deepEqual(await remove(), { kind: "untagged", otherNames: ["mine:1"] });
    assert.deepEqual((await images.engine.inspectImage(id))?.references, ["mine:1"]);
    assert.equal((await images.manifests.lastUsed()).size, 0);
  });

  it("says which container uses it, and changes nothing", async () => {
    await images.run(images.nameOf("a"), "somebody");
    assert.deepEqual(await remove(), { kind: "in-use", by: ["somebody"] });
    assert.equal((await images.manifests.lastUsed()).size, 1);
  });

  it("leaves its name to the image that has got it meanwhile", async () => {
    const again = async (): Promise<unknown> => images.build("a", 0, { again: true });
    assert.deepEqual(await remove(again), { kind: "removed" });
    assert.notEqual((await images.engine.inspectImage(images.nameOf("a")))?.id, id);
    assert.equal((await images.manifests.lastUsed()).size, 1);
  });

  it("finds it gone, or known by others' names only", async () => {
    const image = images.nameOf("a");
    const untag = async (): Promise<unknown> => {
      images.engine.tag(id, "mine:1");
      return images.engine.removeImage(image);
    };
    assert.deepEqual(await remove(untag), { kind: "untagged", otherNames: ["mine:1"] });
    await images.engine.tagImage("mine:1", image);
    await images.engine.removeImage("mine:1");
    assert.deepEqual(await remove(async () => images.engine.removeImage(image)), { kind: "gone" });
  });
});
