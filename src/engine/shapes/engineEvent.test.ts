import assert from "node:assert/strict";
import { EVENT_FILTERS, parseEngineEvent } from "./engineEvent";

const id = "0123456789abcdef".repeat(4);

describe("parseEngineEvent", () => {
  for (const [word, action] of [
    ["create", "create"],
    ["start", "start"],
    ["die", "die"],
    ["destroy", "destroy"],
    ["died", "die"],
    ["remove", "destroy"],
    ["pause", "other"],
    ["exec_create: /bin/sh", "other"],
    ["constructor", "other"],
    ["", "other"],
  ] as const) {
    it(`takes a container's "${word}" for ${action}`, () => {
      const line = { Type: "container", Action: word, Actor: { ID: id, Attributes: { a: "b" } }, time: 1 };
      assert.deepEqual(parseEngineEvent(line), { kind: "container", id, action, labels: { a: "b" } });
    });
  }

  it("takes missing attributes for no labels", () => {
    const line = { Type: "container", Action: "start", Actor: { ID: id, Attributes: null } };
    assert.deepEqual(parseEngineEvent(line), { kind: "container", id, action: "start", labels: {} });
  });

  for (const [what, action, attributes, expected] of [
    ["Docker's tag", "tag", { name: "localhost/a:1" }, { action: "tagged", reference: "localhost/a:1" }],
    [
      "Docker's untag, named by its ID",
      "untag",
      { name: `sha256:${id}` },
      { action: "untagged", reference: `sha256:${id}` },
    ],
    ["Docker's delete", "delete", { name: `sha256:${id}` }, { action: "removed", reference: `sha256:${id}` }],
    ["Docker's pull", "pull", { name: "alpine:3" }, { action: "added", reference: "alpine:3" }],
    ["Docker's load", "load", { name: `sha256:${id}` }, { action: "added", reference: `sha256:${id}` }],
    [
      "Podman's load, named by a file",
      "loadfromarchive",
      { name: "/var/tmp/api_load.tar4" },
      { action: "added", reference: id },
    ],
    ["Podman's build", "build", { name: "" }, { action: "added", reference: id }],
    ["Podman's delete", "delete", { name: "localhost/a:1" }, { action: "removed", reference: "localhost/a:1" }],
    ["one without attributes", "tag", null, { action: "tagged", reference: id }],
  ] as const) {
    it(`takes ${what} for ${expected.action}`, () => {
      const line = { Type: "image", Action: action, Actor: { ID: id, Attributes: attributes } };
      assert.deepEqual(parseEngineEvent(line), { kind: "image", ...expected });
    });
  }

  it("passes over what is nothing that is told, and lines of another shape", () => {
    for (const value of [
      { Type: "image", Action: "save", Actor: { ID: id } },
      { Type: "image", Action: "toString", Actor: { ID: id } },
      { Type: "network", Action: "create", Actor: { ID: id } },
      { Type: "container", Action: "start" },
      { Type: "container", Action: "start", Actor: { ID: 1 } },
      null,
      "",
      [],
      { message: "page not found" },
    ]) {
      assert.equal(parseEngineEvent(value), undefined, JSON.stringify(value));
    }
  });

  it("asks for the words of both engines, each once", () => {
    assert.deepEqual(EVENT_FILTERS.type, ["container", "image"]);
    assert.equal(new Set(EVENT_FILTERS.event).size, EVENT_FILTERS.event.length);
    for (const word of ["create", "die", "died", "destroy", "remove", "untag", "loadfromarchive"]) {
      assert.ok(EVENT_FILTERS.event.includes(word), word);
    }
  });
});
