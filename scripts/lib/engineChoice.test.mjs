import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { chooseEngine, engineVariables, isLocal, isPlain } from "./engineChoice.mjs";

const at = (endpoint, more = {}) => ({ endpoint, choice: endpoint, ok: true, used: false, ...more });

describe("isLocal", () => {
  const here = ["unix:///run/docker.sock", "npipe:////./pipe/docker_engine", "tcp://localhost:2375"];
  for (const endpoint of [...here, "tcp://127.0.1.1:2376", "tcp://[::1]:2375"]) {
    it(`${endpoint}: here`, () => assert.ok(isLocal(endpoint)));
  }
  for (const endpoint of [
    "ssh://localhost",
    "tcp://10.0.0.1:2376",
    "tcp://localhost.example:1",
    "tcp://127.0.0.1.example:1",
  ]) {
    it(`${endpoint}: elsewhere`, () => assert.ok(!isLocal(endpoint)));
  }
});

describe("chooseEngine", () => {
  const remote = at("ssh://build@host", { used: true });
  const local = at("unix:///run/docker.sock");

  it("takes the one that is used", () => {
    const used = { ...local, used: true };
    assert.deepEqual(chooseEngine([used, at("ssh://host")]), { engine: used, passedOver: [] });
  });

  it("passes over what is on another machine", () => {
    assert.deepEqual(chooseEngine([remote, local]), { engine: local, passedOver: [remote] });
    assert.deepEqual(chooseEngine([remote]), { engine: undefined, passedOver: [remote] });
  });

  it("takes none where the one that was named does not answer", () => {
    const named = { endpoint: "unix:///gone.sock", choice: "unix:///gone.sock", ok: false };
    assert.deepEqual(chooseEngine([local, named]), { engine: undefined, passedOver: [] });
  });
});

describe("isPlain", () => {
  it("is a socket however it was chosen, and no address behind a context", () => {
    assert.ok(isPlain(at("unix:///run/docker.sock", { choice: "context:lima" })));
    assert.ok(isPlain(at("tcp://localhost:2375")));
    assert.ok(!isPlain(at("tcp://localhost:2376", { choice: "context:tls" })));
    assert.ok(!isPlain(at("tcp://localhost:2376", { choice: "https://localhost:2376" })));
  });
});

describe("engineVariables", () => {
  const set = (choice) => Object.entries(engineVariables(choice)).filter(([, value]) => value !== undefined);

  it("names a context and a connection, else the address, and unsets all else", () => {
    assert.deepEqual(set("context:tls"), [["DOCKER_CONTEXT", "tls"]]);
    assert.deepEqual(set("connection:vm"), [["CONTAINER_CONNECTION", "vm"]]);
    assert.deepEqual(set("unix:///run/docker.sock"), [["DOCKER_HOST", "unix:///run/docker.sock"]]);
    assert.equal(Object.keys(engineVariables("context:tls")).length, 4);
  });
});
