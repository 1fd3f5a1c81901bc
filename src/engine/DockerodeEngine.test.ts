import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { ContainerNameInUseError, ContainerNotFoundError } from "../core/errors/containerErrors";
import { EngineLostError, EngineRequestError, EngineTooOldError } from "../core/errors/engineErrors";
import { ImageNotFoundError } from "../core/errors/imageErrors";
import type { ContainerSpec, EngineEvent } from "../core/ports/ContainerTypes";
import { bodyOf, containerJson, cutOff, FakePeer, inTurn, json, refusal, VERSION } from "../../test/peer/FakePeer";
import type { DockerodeEngine } from "./DockerodeEngine";

const SPEC: ContainerSpec = {
  image: "busybox",
  name: "c",
  command: ["true"],
  workingDirectory: undefined,
  env: { TOKEN: "s3cret" },
  labels: {},
  mounts: [],
  ports: [],
};
const IMAGE = { Id: `sha256:${"a".repeat(64)}`, Config: {} };
const labels = { a: "1" };

describe("DockerodeEngine", () => {
  let peer: FakePeer;
  let engine: DockerodeEngine;

  beforeEach(async () => {
    peer = await FakePeer.listen();
    engine = peer.connect();
    peer.answers["GET /containers/json"] = json([]);
  });
  afterEach(async () => {
    await engine.close();
    await peer.close();
  });

  describe("the version of the API", () => {
    const listWith = async (ApiVersion: string): Promise<readonly string[]> => {
      peer.answers["GET /version"] = json({ ...VERSION, ApiVersion });
      await engine.listContainers({ labels: {} });
      await engine.listContainers({ labels: {} });
      return peer.requests.map((request) => request.replace(/\?.*/, ""));
    };

    it("is the newest that both know, asked once", async () => {
      assert.deepEqual(await listWith("1.41"), [
        "GET /version",
        "GET /v1.41/containers/json",
        "GET /v1.41/containers/json",
      ]);
    });

    it("is none that Slipway has never been tried with", async () => {
      assert.equal((await listWith("1.99")).at(-1), "GET /v1.51/containers/json");
    });

    it("must not be too old", async () => {
      await assert.rejects(listWith("1.39"), EngineTooOldError);
      assert.deepEqual(peer.requests, ["GET /version"]);
    });

    it("is asked for again when the engine was lost", async () => {
      await listWith("1.51");
      peer.answers["GET /containers/json"] = (_, request) => request.socket.destroy();
      await assert.rejects(engine.listContainers({ labels: {} }), EngineLostError);
      peer.answers["GET /containers/json"] = json([]);
      assert.equal((await listWith("1.41")).at(-1), "GET /v1.41/containers/json");
    });
  });

  it("says that the engine is lost when an answer is cut off", async () => {
    for (const begun of ["[", '{"Id": ', ""]) {
      peer.answers["GET /containers/c/json"] = cutOff(begun);
      await assert.rejects(engine.inspectContainer("c"), EngineLostError);
    }
  });

  it("does not take an answer of another form for one", async () => {
    for (const answer of [json({}), (response: ServerResponse): void => void response.end("<html>")]) {
      peer.answers["GET /containers/c/json"] = answer;
      await assert.rejects(engine.inspectContainer("c"), (error) => error instanceof EngineRequestError);
    }
  });

  it("ends with the signal's reason, and lets go of the connection", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    peer.answers["GET /containers/c/json"] = () => {
      controller.abort(reason);
    };
    await assert.rejects(engine.inspectContainer("c", { signal: controller.signal }), reason);
  });

  it("rejects once it is closed", async () => {
    await engine.info().catch(() => undefined);
    await engine.close();
    await assert.rejects(engine.listContainers({ labels: {} }), EngineLostError);
    await assert.rejects(engine.attachContainer("c"), EngineLostError);
  });

  it("never sends a name that is none", async () => {
    for (const name of ["", "..", "a/b", "a?b", "a b", "%2e"]) {
      await assert.rejects(engine.startContainer(name), ContainerNotFoundError);
      await assert.rejects(engine.waitForExit(name), ContainerNotFoundError);
      assert.equal(await engine.inspectContainer(name), undefined);
      assert.equal(await engine.removeVolume(name), "not-found");
      await engine.removeContainer(name);
    }
    assert.ok(
      peer.requests.every((request) => request === "GET /version"),
      peer.requests.join("\n"),
    );
  });

  describe("createContainer", () => {
    it("sends what is secret in the body, never in the URL", async () => {
      let body: unknown;
      peer.answers["POST /containers/create"] = (response, request) => {
        void bodyOf(request).then((text) => {
          body = JSON.parse(text);
          response.writeHead(201).end(JSON.stringify({ Id: "f00" }));
        });
      };
      assert.equal(await engine.createContainer(SPEC), "f00");
      assert.equal(peer.requests.at(-1), "POST /v1.51/containers/create?name=c");
      assert.deepEqual((body as { readonly Env: unknown }).Env, ["TOKEN=s3cret"]);
    });

    it("decides by what is there what a refusal means", async () => {
      peer.answers["POST /containers/create"] = refusal(404);
      await assert.rejects(engine.createContainer(SPEC), ImageNotFoundError);
      peer.answers["GET /images/busybox/json"] = json(IMAGE);
      await assert.rejects(engine.createContainer(SPEC), EngineRequestError);
      for (const status of [409, 500]) {
        peer.answers["POST /containers/create"] = refusal(status);
        delete peer.answers["GET /containers/c/json"];
        await assert.rejects(engine.createContainer(SPEC), EngineRequestError);
        peer.answers["GET /containers/c/json"] = json(containerJson({}));
        await assert.rejects(engine.createContainer(SPEC), ContainerNameInUseError);
      }
    });
  });

  describe("waitForExit", () => {
    it("waits again when the container was started again", async () => {
      peer.answers["POST /containers/c/wait"] = json({ StatusCode: 137 });
      peer.answers["GET /containers/c/json"] = inTurn(
        json(containerJson({ Running: true })),
        json(containerJson({ ExitCode: 6 })),
      );
      assert.equal(await engine.waitForExit("c"), 6);
      assert.equal(peer.requests.filter((request) => request.includes("/wait")).length, 2);
    });

    it("says when the container is gone, whatever the engine answers", async () => {
      for (const answer of [refusal(404), refusal(500), json({ StatusCode: 0 })]) {
        peer.answers["POST /containers/c/wait"] = answer;
        await assert.rejects(engine.waitForExit("c"), ContainerNotFoundError);
      }
    });

    it("does not take half an answer for an end", async () => {
      peer.answers["POST /containers/c/wait"] = cutOff("");
      await assert.rejects(engine.waitForExit("c"), EngineLostError);
    });
  });

  it("takes 304 for success, and a refusal to stop what does not run", async () => {
    peer.answers["POST /containers/c/start"] = (response) => response.writeHead(304).end();
    await engine.startContainer("c");
    peer.answers["POST /containers/c/stop"] = refusal(500);
    peer.answers["POST /containers/c/kill"] = refusal(409);
    peer.answers["GET /containers/c/json"] = json(containerJson({}));
    await engine.stopContainer("c", { graceSeconds: 1 });
    await engine.killContainer("c", { unixSignal: "SIGINT" });
    peer.answers["GET /containers/c/json"] = json(containerJson({ Running: true }));
    await assert.rejects(engine.killContainer("c", { unixSignal: "SIGNOPE" }), EngineRequestError);
  });

  it("looks for a volume before Podman says that it has removed it", async () => {
    peer.answers["DELETE /volumes/v"] = (response) => response.writeHead(204).end();
    assert.equal(await engine.removeVolume("v"), "not-found");
    peer.answers["GET /volumes/v"] = json({ Name: "v" });
    assert.equal(await engine.removeVolume("v"), "removed");
    peer.answers["DELETE /volumes/v"] = refusal(409);
    assert.equal(await engine.removeVolume("v"), "in-use");
  });

  it("tells first that it listens, and asks for what has happened since just before", async () => {
    peer.answers["GET /info"] = json({ SystemTime: "2026-11-27T01:14:26.8942Z" });
    peer.answers["GET /events"] = (response) => {
      const event = (type: string, action: string, Attributes: object): string =>
        `${JSON.stringify({ Type: type, Action: action, Actor: { ID: "f", Attributes } })}\n`;
      response.end(
        event("container", "start", { a: "2" }) +
          event("container", "die", labels) +
          event("image", "tag", { name: "x" }),
      );
    };
    const seen: EngineEvent[] = [];
    await assert.rejects(async () => {
      for await (const event of engine.watchEvents({ labels })) {
        seen.push(event);
      }
    }, EngineLostError);
    assert.deepEqual(seen, [
      { kind: "listening" },
      { kind: "container", id: "f", action: "die", labels },
      { kind: "image", action: "tagged", reference: "x" },
    ]);
    const asked = peer.requests.find((request) => request.includes("/events?"));
    const { searchParams } = new URL(asked?.split(" ")[1] ?? "", "http://e");
    assert.equal(searchParams.get("since"), "1795742066.894200000");
  });

  it("leaves no connection and no listener after many calls", async () => {
    const { signal } = new AbortController();
    for (let call = 0; call < 200; call++) {
      await engine.listContainers({ labels, signal });
    }
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});
