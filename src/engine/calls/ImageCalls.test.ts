import assert from "node:assert/strict";
import { EngineLostError, EngineRequestError, NoSpaceError } from "../../core/errors/engineErrors";
import { ImageBuildError, ImageNotFoundError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { FakePeer, json, PODMAN, refusal } from "../../../test/peer/FakePeer";
import type { DockerodeEngine } from "../DockerodeEngine";

const ID = "a".repeat(64);
const IMAGE = { Id: `sha256:${ID}`, Config: {}, RepoTags: ["busybox:latest"] };
const SHORT_ID = ID.slice(0, 12);
const FULL_DISK = "write /var/lib/containers/storage/x: no space left on device";

describe("ImageCalls", () => {
  let peer: FakePeer;
  let engine: DockerodeEngine;
  const collect = async (events: AsyncIterable<BuildEvent>): Promise<void> => {
    for await (const event of events) {
      assert.ok(event.type !== "image");
    }
  };
  const pull = async (): Promise<void> => collect(engine.pullImage({ reference: "busybox" }));
  const answerWith = (path: string, ...lines: readonly unknown[]): void => {
    peer.answers[path] = (response) => response.end(lines.map((line) => `${JSON.stringify(line)}\r\n`).join(""));
  };

  beforeEach(async () => {
    peer = await FakePeer.listen();
    engine = peer.connect();
    for (const name of ["busybox", "busybox:latest", SHORT_ID]) {
      peer.answers[`GET /images/${name}/json`] = json(IMAGE);
    }
  });
  afterEach(async () => {
    await engine.close();
    await peer.close();
  });

  describe("pull", () => {
    const layer = { status: "Download complete", id: "f".repeat(12) };

    it("is over with Docker's last word, and does not take an older image for the one that was to come", async () => {
      answerWith("POST /images/create", layer, { status: "Status: Image is up to date for busybox:latest" });
      await pull();
      answerWith("POST /images/create", { status: "Pulling from library/busybox" }, layer);
      await assert.rejects(pull(), EngineLostError);
      answerWith("POST /images/create", { status: "Digest: sha256:00" });
      await assert.rejects(pull(), EngineLostError);
    });

    it("is over with Podman's, which is the image's ID", async () => {
      peer.answers["GET /version"] = json(PODMAN);
      answerWith("POST /images/create", layer, { status: "Download complete", id: SHORT_ID });
      await pull();
      answerWith("POST /images/create", { status: "Download complete", id: SHORT_ID }, layer);
      await assert.rejects(pull(), EngineLostError);
    });

    it("that is refused is told by its reason", async () => {
      for (const [answer, kind] of [
        [refusal(500, "manifest unknown"), ImageNotFoundError],
        [refusal(404, "no such image"), ImageNotFoundError],
        [refusal(500, FULL_DISK), NoSpaceError],
        [refusal(500, 'Get "http://r/v2/": dial tcp: connection refused'), EngineRequestError],
      ] as const) {
        peer.answers["POST /images/create"] = answer;
        await assert.rejects(pull(), kind);
      }
      answerWith("POST /images/create", { error: FULL_DISK });
      await assert.rejects(pull(), NoSpaceError);
      answerWith("POST /images/create", { error: "reading manifest 1 in r/a: manifest unknown" });
      await assert.rejects(pull(), ImageNotFoundError);
    });

    it("asks for the full name where a login goes along, and else for the short one", async () => {
      const credentials = {
        find: async () => Promise.resolve({ kind: "password", username: "u", password: "p" } as const),
      };
      const known = peer.connect({ credentials });
      peer.answers["GET /images/docker.io/library/busybox:latest/json"] = json(IMAGE);
      answerWith("POST /images/create", { status: "Status: Image is up to date" });
      await collect(known.pullImage({ reference: "busybox" }));
      await known.close();
      await pull();
      assert.deepEqual(
        peer.requests.flatMap((request) => /fromImage=(.*)$/.exec(request)?.[1] ?? []),
        ["docker.io%2Flibrary%2Fbusybox%3Alatest", "busybox%3Alatest"],
      );
    });
  });

  it("tells a build that finds the disk full from one that fails by itself", async () => {
    peer.answers["GET /version"] = json(PODMAN);
    const context = {
      root: "/nowhere",
      entries: [],
      dockerfile: { pathInContext: undefined, content: Buffer.from("") },
    };
    const build = async (): Promise<void> => collect(engine.buildImage({ context, tags: [], labels: {}, args: {} }));
    peer.answers["POST /build"] = refusal(500, FULL_DISK);
    await assert.rejects(build(), NoSpaceError);
    answerWith("POST /build", { error: `committing the layer: ${FULL_DISK}` });
    await assert.rejects(build(), NoSpaceError);
    answerWith("POST /build", { error: 'building at STEP "RUN dd": no space left on device: exit status 1' });
    await assert.rejects(build(), ImageBuildError);
  }).timeout(10_000);

  it("asks for the list again when an image vanishes while Podman looks at it, and not for ever", async () => {
    let asked = 0;
    const list = json([]);
    peer.answers["GET /images/json"] = (response, ...rest) => {
      asked++;
      (asked < 3 ? refusal(500, "image not known") : list)(response, ...rest);
    };
    assert.deepEqual(await engine.listImages({ labels: {} }), []);
    assert.equal(asked, 3);
    peer.answers["GET /images/json"] = refusal(500, "disk error");
    await assert.rejects(engine.listImages({ labels: {} }), EngineRequestError);
  });

  it("says that an image is in use only where something uses it", async () => {
    peer.answers[`DELETE /images/busybox`] = refusal(500, "disk error");
    peer.answers["GET /containers/json"] = json([]);
    await assert.rejects(engine.removeImage("busybox"), EngineRequestError);
    peer.answers["GET /containers/json"] = json([{ Id: "c" }]);
    assert.equal(await engine.removeImage("busybox"), "in-use");
    assert.match(decodeURIComponent(peer.requests.at(-1) ?? ""), new RegExp(`{"ancestor":\\["sha256:${ID}"\\]}`));
    peer.answers["GET /containers/json"] = json([]);
    peer.answers[`DELETE /images/${IMAGE.Id}`] = refusal(500, "must force");
    peer.answers[`GET /images/${IMAGE.Id}/json`] = json({ ...IMAGE, RepoTags: ["a:1", "b:1"] });
    assert.equal(await engine.removeImage(IMAGE.Id), "in-use");
    delete peer.answers["GET /images/busybox/json"];
    assert.equal(await engine.removeImage("busybox"), "not-found");
  });
});
