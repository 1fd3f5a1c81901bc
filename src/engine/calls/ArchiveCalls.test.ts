import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { ContainerNotFoundError, ContainerPathError } from "../../core/errors/containerErrors";
import { NoSpaceError } from "../../core/errors/engineErrors";
import { containerJson, FakePeer, inTurn, json, PODMAN, refusal } from "../../../test/peer/FakePeer";
import type { DockerodeEngine } from "../DockerodeEngine";

const FOLDER = 2 ** 31 + 0o755;
const LINK = 2 ** 27 + 0o777;

describe("ArchiveCalls", () => {
  let peer: FakePeer;
  let engine: DockerodeEngine;
  let copied = false;
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
  const tar = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1024);
  };
  const answer = (response: ServerResponse, mode: number, linkTarget = ""): void => {
    const stat = Buffer.from(JSON.stringify({ name: "x", size: 0, mode, linkTarget })).toString("base64");
    response.writeHead(200, { "X-Docker-Container-Path-Stat": stat }).end();
  };
  const have = (places: Readonly<Record<string, number | string>>): void => {
    peer.answers["HEAD /containers/c/archive"] = (response, request) => {
      const place = places[new URL(request.url ?? "", "http://e").searchParams.get("path") ?? ""];
      if (place === undefined) {
        response.writeHead(404).end();
      } else {
        answer(response, typeof place === "number" ? place : LINK, typeof place === "number" ? "" : place);
      }
    };
  };

  beforeEach(async () => {
    peer = await FakePeer.listen();
    engine = peer.connect();
    copied = false;
    peer.answers["GET /containers/c/json"] = json(containerJson({}));
    peer.answers["PUT /containers/c/archive"] = (response, request) => {
      copied = true;
      request.resume().on("end", () => response.end());
    };
  });
  afterEach(async () => {
    await engine.close();
    await peer.close();
  });

  it("copies to a folder behind several links, from the root on or from where they are", async () => {
    have({ "/a/1": "/a/2", "/a/2": "3", "/a/3": "../b", "/b": FOLDER });
    await engine.copyTo("c", "/a/1", tar());
    assert.ok(copied);
  });

  for (const [what, places] of [
    ["to nothing", { "/l": "/none" }],
    ["to a file", { "/l": "/m", "/m": "/f", "/f": 0o644 }],
    ["in a circle", { "/l": "/m", "/m": "/l" }],
  ] as const) {
    it(`does not copy to where a link leads ${what}`, async () => {
      have(places);
      await assert.rejects(engine.copyTo("c", "/l", tar()), ContainerPathError);
      assert.ok(!copied);
    });
  }

  it("says that the disk is full", async () => {
    have({ "/w": FOLDER });
    peer.answers["PUT /containers/c/archive"] = refusal(500, "write /var/lib/x: no space left on device");
    await assert.rejects(engine.copyTo("c", "/w", tar()), NoSpaceError);
  });

  describe("files", () => {
    const stat = (mode: number, linkTarget = ""): string =>
      Buffer.from(JSON.stringify({ name: "x", size: 0, mode, linkTarget })).toString("base64");
    const head = (status: number, header?: string) => (response: ServerResponse) => {
      response.writeHead(status, header === undefined ? {} : { "X-Docker-Container-Path-Stat": header }).end();
    };
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
    const large = async function* (): AsyncGenerator<Uint8Array> {
      for (let part = 0; part < 64; part++) {
        yield new Uint8Array(1 << 16);
      }
    };

    it("are sent whole", async () => {
      let received = 0;
      peer.answers["HEAD /containers/c/archive"] = head(200, stat(FOLDER));
      peer.answers["PUT /containers/c/archive"] = (response, request) => {
        request.on("data", (data: Buffer) => (received += data.length));
        request.on("end", () => response.end());
      };
      await engine.copyTo("c", "/w/", large());
      assert.equal(received, 1 << 22);
      assert.match(peer.requests.at(-1) ?? "", /archive\?path=%2Fw&noOverwriteDirNonDir=true$/);
    });

    it("are refused by an engine that does not read them", async () => {
      peer.answers["HEAD /containers/c/archive"] = head(200, stat(FOLDER));
      peer.answers["PUT /containers/c/archive"] = (response) => response.writeHead(404).end();
      await assert.rejects(engine.copyTo("c", "/w", large()), ContainerPathError);
    });

    it("fail with their own error", async () => {
      const failure = new Error("mine");
      peer.answers["HEAD /containers/c/archive"] = head(200, stat(FOLDER));
      peer.answers["PUT /containers/c/archive"] = (_, request) => request.resume();
      // eslint-disable-next-line @typescript-eslint/require-await -- as above
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(1);
        throw failure;
      };
      await assert.rejects(engine.copyTo("c", "/w", broken()), failure);
    });

    it("are not sent to a folder that is not there, which Podman would make", async () => {
      peer.answers["HEAD /containers/c/archive"] = head(404);
      await assert.rejects(engine.copyTo("c", "/w", large()), ContainerPathError);
      assert.ok(!peer.requests.some((request) => request.startsWith("PUT")));
    });

    it("are looked at: links that lead nowhere, too, and what is under a file", async () => {
      peer.answers["HEAD /containers/c/archive"] = head(404, stat(2 ** 27 + 0o777, "/gone"));
      assert.equal((await engine.statPath("c", "/l"))?.linkTarget, "/gone");
      peer.answers["HEAD /containers/c/archive"] = inTurn(head(500), head(200, stat(0o644)));
      assert.equal(await engine.statPath("c", "/file/x"), undefined);
      delete peer.answers["GET /containers/c/json"];
      peer.answers["HEAD /containers/c/archive"] = head(404);
      await assert.rejects(engine.statPath("c", "/x"), ContainerNotFoundError);
    });

    it("come out of Podman as links where they are links", async () => {
      peer.answers["GET /version"] = json(PODMAN);
      peer.answers["HEAD /containers/c/archive"] = head(200, stat(2 ** 27 + 0o777, "/a/target"));
      const chunks: Uint8Array[] = [];
      for await (const chunk of engine.copyFrom("c", "/a/b/link")) {
        chunks.push(chunk);
      }
      const header = Buffer.concat(chunks).subarray(0, 512);
      assert.equal(header.subarray(0, 4).toString(), "link");
      assert.equal(header.subarray(157, 167).toString(), "../target\0");
    });
  });
});
