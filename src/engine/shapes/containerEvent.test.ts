import assert from "node:assert/strict";
import { parseContainerEvent } from "./containerEvent";

const id = "0123456789abcdef".repeat(4);
const BAD: readonly unknown[] = [null, undefined, "", 1, [], {}, { Id: 1 }, { message: "page not found" }];

describe("parseContainerEvent", () => {
  for (const [word, action] of [
    ["create", "create"],
    ["start", "start"],
    ["die", "die"],
    ["destroy", "destroy"],
    ["died", "die"],
    ["remove", "destroy"],
    ["exec_create: /bin/sh", "other"],
    ["constructor", "other"],
    ["", "other"],
  ] as const) {
    it(`takes "${word}" as ${action}`, () => {
      const line = { Type: "container", Action: word, Actor: { ID: id, Attributes: { a: "b" } }, time: 1 };
      assert.deepEqual(parseContainerEvent(line), { id, action, labels: { a: "b" } });
    });
  }

  it("takes missing attributes as no labels", () => {
    assert.deepEqual(parseContainerEvent({ Action: "start", Actor: { ID: id, Attributes: null } })?.labels, {});
  });

  it("passes over lines of another shape", () => {
    for (const value of [...BAD, { Action: "start" }, { Action: "start", Actor: { ID: 1 } }]) {
      assert.equal(parseContainerEvent(value), undefined, JSON.stringify(value));
    }
  });
});
