import assert from "node:assert/strict";
import { ContainerNotRunningError } from "../../core/errors/containerErrors";
import { EngineRequestError } from "../../core/errors/engineErrors";
import type { ContainerSpec } from "../../core/ports/ContainerTypes";
import { containerJson, FakePeer, inTurn, json, PODMAN, refusal } from "../../../test/peer/FakePeer";
import { DEADLINES } from "../Deadlines";
import type { DockerodeEngine } from "../DockerodeEngine";

const INSPECT = "GET /containers/c/json";

describe("ContainerCalls", () => {
  let peer: FakePeer;
  let engine: DockerodeEngine;
  const asked = (path: string): readonly string[] => peer.requests.filter((request) => request.includes(path));

  beforeEach(async () => {
    peer = await FakePeer.listen();
    engine = peer.connect({ deadlines: { ...DEADLINES, unsureMs: 100 } });
  });
  afterEach(async () => {
    await engine.close();
    await peer.close();
  });

  it("gives whole seconds for the grace, of which there is never less than was asked for", async () => {
    peer.answers["POST /containers/c/stop"] = json({});
    peer.answers["POST /containers/c/restart"] = json({});
    await engine.stopContainer("c", { graceSeconds: 0.5 });
    await engine.restartContainer("c", { graceSeconds: 1.2 });
    assert.match(asked("/stop")[0] ?? "", /\?t=1$/);
    assert.match(asked("/restart")[0] ?? "", /\?t=2$/);
  });

  it("unpauses a paused one that Podman refuses to stop", async () => {
    peer.answers["GET /version"] = json(PODMAN);
    peer.answers[INSPECT] = json(containerJson({ Running: true, Status: "paused" }));
    peer.answers["POST /containers/c/stop"] = inTurn(refusal(500), json({}));
    peer.answers["POST /containers/c/unpause"] = json({});
    await engine.stopContainer("c", { graceSeconds: 1 });
    assert.deepEqual(
      peer.requests.slice(1).map((request) => request.replace(/^\w+ \/v[\d.]+\/containers\/c\/|\?.*/g, "")),
      ["stop", "json", "unpause", "stop"],
    );
  });

  describe("removal", () => {
    it("that somebody else has begun is waited for", async () => {
      const going = json(containerJson({ Status: "removing" }));
      peer.answers["DELETE /containers/c"] = refusal(409, "removal of container c is already in progress");
      peer.answers[INSPECT] = inTurn(going, going, refusal(404));
      await engine.removeContainer("c");
      assert.equal(asked("/json").length, 3);
    });

    it("that is refused is no success", async () => {
      peer.answers["DELETE /containers/c"] = refusal(409, "conflict");
      peer.answers[INSPECT] = json(containerJson({}));
      await assert.rejects(engine.removeContainer("c"), EngineRequestError);
    });
  });

  it("says of a paused one, in which nothing can be run, that it is paused", async () => {
    peer.answers["POST /containers/c/exec"] = refusal(409, "Container c is paused");
    const spec = { command: ["true"], env: {}, workingDirectory: undefined, user: undefined, tty: false, stdin: false };
    for (const [state, words] of [
      [{ Running: true, Status: "paused" }, /is paused/],
      [{ Running: false, Status: "exited" }, /does not run/],
    ] as const) {
      peer.answers[INSPECT] = json(containerJson(state));
      await assert.rejects(
        engine.exec("c", spec),
        (error) => error instanceof ContainerNotRunningError && words.test(error.message),
      );
    }
  });

  it("gives Podman the time to copy a file system, when a container is made and when it is attached to", async () => {
    const impatient = peer.connect({ deadlines: { ...DEADLINES, answerMs: 100 } });
    const late = (answer: object) => (response: { end: (text: string) => unknown }) =>
      void setTimeout(() => response.end(JSON.stringify(answer)), 200);
    peer.answers["GET /version"] = json(PODMAN);
    peer.answers[INSPECT] = json(containerJson({}));
    peer.answers["POST /containers/create"] = late({ Id: "f00" });
    peer.answers["POST /containers/c/attach"] = (response) =>
      void setTimeout(() => response.end(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])), 200);
    const spec: ContainerSpec = {
      ...{ image: "busybox", name: "c", command: ["true"], workingDirectory: undefined },
      ...{ env: {}, labels: {}, mounts: [], ports: [] },
    };
    assert.equal(await impatient.createContainer(spec), "f00");
    for await (const { data } of await impatient.attachContainer("c")) {
      assert.equal(data.length, 0);
    }
    await impatient.close();
  });
});
