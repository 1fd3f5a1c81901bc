import assert from "node:assert/strict";
import { EngineLostError, EngineUnavailableError, type EngineRemedy } from "../errors/engineErrors";
import { pauseBeforeRetry } from "./pauseBeforeRetry";

const unavailable = (action: EngineRemedy["action"], ...addresses: readonly string[]): EngineUnavailableError =>
  new EngineUnavailableError(
    addresses.map((address) => ({ address, source: "a test", problem: "no-answer", detail: "none" })),
    { action, advice: "" },
  );

describe("pauseBeforeRetry", () => {
  for (const [what, error, pauses] of [
    ["an engine that went away", new EngineLostError("unix:///x", "testing"), [1_000, 2_000, 5_000, 15_000, 15_000]],
    ["an engine on this machine", unavailable("start", "unix:///x"), [1_000, 2_000, 5_000, 15_000, 15_000]],
    ["several places", unavailable("start", "unix:///x", "ssh://y"), [1_000, 2_000, 5_000, 15_000, 15_000]],
    ["another machine", unavailable("start", "ssh://y"), [2_000, 5_000, 15_000, 60_000, 300_000, 300_000]],
    ["no place at all", unavailable("install"), [1_000, 2_000]],
  ] as const) {
    it(`grows for ${what}`, () => {
      assert.deepEqual(
        pauses.map((_, index) => pauseBeforeRetry(index + 1, error)),
        pauses,
      );
    });
  }

  it("has no end after a login that was refused", () => {
    assert.ok(pauseBeforeRetry(1, unavailable("login", "ssh://y")) > 1e9);
  });
});
