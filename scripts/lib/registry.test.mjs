import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { withoutPassword } from "./registry.mjs";

describe("withoutPassword", () => {
  it("hides a password and leaves other addresses alone", () => {
    assert.equal(withoutPassword("http://slipway:a-b_c@127.0.0.1:5000"), "http://slipway:***@127.0.0.1:5000");
    assert.equal(withoutPassword("unix:///a:b@c/engine.sock"), "unix:///a:b@c/engine.sock");
  });
});
