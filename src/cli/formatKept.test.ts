import assert from "node:assert/strict";
import { formatKept } from "./formatKept";

describe("formatKept", () => {
  const step = { part: "task", index: 1, count: 3, name: "unit" } as const;

  it("says what can be done about a task that failed, as a shell takes it", () => {
    const text = formatKept({ type: "kept", id: "1", name: "slipway-app-1", step }, "it's all");
    assert.match(text, /^the container slipway-app-1 stays as it is$/m);
    assert.match(text, /^ {2}slipway shell --task 'it'\\''s all' +opens a shell in it$/m);
    assert.match(text, /^ {2}slipway run --task 'it'\\''s all' --retry +goes on from "unit"$/m);
    assert.match(text, /^ {2}slipway discard --task 'it'\\''s all' +removes it$/m);
  });

  it("says how to look at one that was kept for another reason", () => {
    assert.match(
      formatKept({ type: "kept", id: "1", name: "slipway-app-1" }, "test"),
      /^the container slipway-app-1 stays: slipway shell slipway-app-1 .*slipway rm slipway-app-1/,
    );
  });
});
