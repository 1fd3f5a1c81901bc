import assert from "node:assert/strict";
import { FakeWorkspaceImages } from "../../../../test/fake/FakeWorkspaceImages";
import { workspaceOf } from "../../Workspace";
import { listWorkspaceImages } from "./listWorkspaceImages";
import type { WorkspaceImage } from "./WorkspaceImage";

describe("listWorkspaceImages", () => {
  let images: FakeWorkspaceImages;

  beforeEach(async () => {
    images = await FakeWorkspaceImages.create();
  });
  afterEach(async () => {
    await images.remove();
  });

  const list = async (fingerprint?: string): Promise<readonly WorkspaceImage[]> =>
    listWorkspaceImages({ ...images.parts, fingerprint });
  const states = async (fingerprint?: string): Promise<readonly string[]> =>
    (await list(fingerprint)).map((image) => `${image.fingerprint} ${image.state}`);

  it("is empty where nothing was built, and where all there is belongs to others", async () => {
    await images.build("a", undefined, { workspace: workspaceOf("/home/me/other") });
    assert.deepEqual(await list("a"), []);
  });

  it("has the fresh one first, whatever its age, then those that were used last", async () => {
    await images.build("a", 300);
    await images.build("b", 100);
    await images.build("c", 200);
    assert.deepEqual(await states("c"), ["c fresh", "b superseded", "a superseded"]);
  });

  it("takes the one that was used last for stale where none is fresh, not the one that was built last", async () => {
    await images.build("a", 10);
    await images.build("b", 20);
    assert.deepEqual(await states("c"), ["a stale", "b superseded"]);
    assert.deepEqual(await states(), ["a stale", "b superseded"]);
  });

  it("goes by the time of the build where nothing is written down", async () => {
    await images.build("a", 1_000);
    await images.build("b", undefined);
    assert.deepEqual(await states(), ["b stale", "a superseded"]);
    assert.equal((await list())[0]?.lastUsed, undefined);
  });

  it("counts one without a name as superseded, also one of the present fingerprint, and lists it last", async () => {
    await images.build("a", 100);
    const first = await images.build("b", undefined);
    const again = await images.build("b", 1, { again: true });
    assert.deepEqual(
      (await list("b")).map(({ id, name, state, lastUsed }) => [id, name, state, lastUsed === undefined]),
      [
        [again, images.nameOf("b"), "fresh", false],
        [(await list("b"))[1]?.id, images.nameOf("a"), "superseded", false],
        [first, undefined, "superseded", true],
      ],
    );
  });

  it("tells other names of an image, and who uses it, running or not", async () => {
    const id = await images.build("a", 1);
    images.engine.tag(id, "mine:1");
    const user = await images.run(images.nameOf("a"), "somebody");
    const [image] = await list("a");
    assert.deepEqual(image?.otherNames, ["mine:1"]);
    assert.deepEqual(image.usedBy, [{ id: user, name: "somebody", running: false }]);
  });

  it("leaves out what has only names of others: it may have been made FROM one of ours", async () => {
    const id = await images.build("a", 1);
    images.engine.tag(id, "derived:1");
    await images.engine.removeImage(images.nameOf("a"));
    assert.deepEqual(await list("a"), []);
  });

  it("does not take another image for fresh that somebody has given the fresh one's name", async () => {
    const id = await images.build("a", 1);
    images.engine.tag(id, images.nameOf("b"));
    assert.deepEqual(await states("b"), ["a stale"]);
    assert.deepEqual((await list("b"))[0]?.otherNames, [images.nameOf("b")]);
  });

  it("rejects with the signal's reason", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(listWorkspaceImages({ ...images.parts, fingerprint: undefined, signal }), /enough/);
  });
});
