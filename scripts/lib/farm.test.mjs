import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { farmEnvironment, firstEngine } from "./farm.mjs";

describe("farmEnvironment", () => {
  it("names the engines in the farm's order, and the registry apart", () => {
    const endpoints = { registry: "http://u:p@127.0.0.1:1", podman4: "unix:///p", docker20: "unix:///d" };
    assert.deepEqual(farmEnvironment(endpoints), {
      SLIPWAY_TEST_ENGINES: "docker20=unix:///d,podman4=unix:///p",
      SLIPWAY_TEST_REGISTRY: "http://u:p@127.0.0.1:1",
    });
  });

  it("says nothing of a registry that is not there", () =>
    assert.deepEqual(farmEnvironment({ docker20: "unix:///d" }), { SLIPWAY_TEST_ENGINES: "docker20=unix:///d" }));
});

describe("firstEngine", () => {
  it("takes an address with a name and one without", () => {
    assert.equal(firstEngine("podman-rootless=unix:///a,b=unix:///b"), "unix:///a");
    assert.equal(firstEngine("tcp://127.0.0.1:2375?a=b"), "tcp://127.0.0.1:2375?a=b");
  });
});
