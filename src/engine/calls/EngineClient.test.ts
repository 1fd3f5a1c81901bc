import assert from "node:assert/strict";
import { mock } from "node:test";
import { EngineLostError, EngineRequestError } from "../../core/errors/engineErrors";
import { FakePeer, inTurn, json, PODMAN, refusal, VERSION } from "../../../test/peer/FakePeer";
import type { DockerodeEngine } from "../DockerodeEngine";

const OLDER = { ...VERSION, Version: "20.10.24", ApiVersion: "1.41" };
const IDLE_MS = 31_000;

describe("EngineClient", () => {
  let peer: FakePeer;
  let engine: DockerodeEngine;
  const paths = (): readonly string[] => peer.requests.map((request) => request.replace(/\?.*/, ""));
  const list = async (): Promise<unknown> => engine.listContainers({ labels: {} });

  beforeEach(async () => {
    peer = await FakePeer.listen();
    engine = peer.connect();
    peer.answers["GET /containers/json"] = json([]);
  });
  afterEach(async () => {
    mock.restoreAll();
    await engine.close();
    await peer.close();
  });

  describe("when another engine has come in the place of the one that is known", () => {
    it("asks it in its own version, and once more for what it has refused", async () => {
      await list();
      peer.answers["GET /version"] = json(OLDER);
      peer.answers["GET /containers/json"] = inTurn(refusal(400, "client version 1.51 is too new"), json([]));
      assert.deepEqual(await list(), []);
      assert.deepEqual(paths().slice(-3), ["GET /v1.51/containers/json", "GET /version", "GET /v1.41/containers/json"]);
    });

    it("does so for each of several calls at the same time", async () => {
      await list();
      peer.answers["GET /version"] = json(OLDER);
      peer.answers["GET /containers/json"] = (response, request) => {
        (request.url?.startsWith("/v1.51/") === true ? refusal(400) : json([]))(response, request);
      };
      assert.deepEqual(await Promise.all([list(), list(), list()]), [[], [], []]);
    });

    it("passes a refusal on that is the known engine's own, asked once", async () => {
      peer.answers["GET /containers/json"] = refusal(400, "bad filter");
      await assert.rejects(list(), (error) => error instanceof EngineRequestError && error.status === 400);
      assert.deepEqual(paths(), ["GET /version", "GET /v1.51/containers/json", "GET /version"]);
    });

    it("looks who is there after an idle time, and only then", async () => {
      await list();
      peer.answers["GET /version"] = json(PODMAN);
      assert.equal((await engine.info().catch(() => undefined))?.kind, undefined);
      await list();
      assert.equal(paths().filter((path) => path === "GET /version").length, 1);
      const now = performance.now();
      mock.method(performance, "now", () => now + IDLE_MS);
      await list();
      assert.equal(paths().at(-1), "GET /v1.44/containers/json");
      peer.answers["GET /info"] = json({ Rootless: true });
      const { kind, rootless } = await engine.info();
      assert.deepEqual([kind, rootless], ["podman", true]);
    });

    it("looks who is there before a pull and a build, which cannot be repeated", async () => {
      await list();
      peer.answers["GET /version"] = json(PODMAN);
      const pull = engine.pullImage({ reference: "busybox" })[Symbol.asyncIterator]();
      await pull.next();
      await assert.rejects(pull.next());
      assert.deepEqual(paths().slice(-2), ["GET /version", "POST /v1.44/images/create"]);
      const context = {
        root: "/nowhere",
        entries: [],
        dockerfile: { pathInContext: undefined, content: Buffer.from("") },
      };
      peer.answers["GET /version"] = json(VERSION);
      const build = engine.buildImage({ context, tags: [], labels: {}, args: {} })[Symbol.asyncIterator]();
      await assert.rejects(build.next(), EngineLostError);
      assert.deepEqual(paths().slice(-2), ["GET /version", "POST /v1.51/session"]);
    });
  });

  describe("lets go of a stream that nobody has begun to read", () => {
    const CONTAINER = {
      Id: "c",
      Name: "/c",
      Image: "sha256:a",
      State: { Status: "running", Running: true, ExitCode: 0 },
    };
    let closed: Promise<unknown>;

    beforeEach(() => {
      peer.answers["GET /containers/c/json"] = json({ ...CONTAINER, Config: {} });
      closed = new Promise((resolve) => {
        const stay = (path: string): void => {
          peer.answers[path] = (response, request) => {
            request.socket.once("close", resolve);
            // More than is taken in without being read.
            response.write(new Uint8Array(1 << 20));
          };
        };
        stay("POST /containers/c/attach");
        stay("GET /events");
      });
    });

    it("when its signal is aborted", async () => {
      const controller = new AbortController();
      await engine.attachContainer("c", { signal: controller.signal });
      controller.abort();
      await closed;
    });

    it("when it comes to its end, which it does with the container", async () => {
      closed = new Promise((resolve) => {
        peer.answers["POST /containers/c/attach"] = (response, request) => {
          request.socket.once("close", resolve);
          response.end(Buffer.from([1, 0, 0, 0, 0, 0, 0, 2, 65, 10]));
        };
      });
      await engine.attachContainer("c");
      await closed;
    });

    it("when it is left", async () => {
      const output = await engine.attachContainer("c");
      await output[Symbol.asyncIterator]().return?.();
      await closed;
    });

    it("when the watching is left at its first word", async () => {
      peer.answers["GET /info"] = json({});
      for await (const { kind } of engine.watchEvents({ labels: {} })) {
        assert.equal(kind, "listening");
        break;
      }
      await closed;
    });
  });
});
