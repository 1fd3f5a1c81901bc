import assert from "node:assert/strict";
import { parseSshSource } from "./parseSshSource";

describe("parseSshSource", () => {
  for (const [text, expected] of [
    ["default", { id: "default", paths: [] }],
    ["my-agent.2", { id: "my-agent.2", paths: [] }],
    ["default=/run/agent.sock", { id: "default", paths: ["/run/agent.sock"] }],
    ["git=~/.ssh/a,keys/b", { id: "git", paths: ["~/.ssh/a", "keys/b"] }],
    ["git=a=b", { id: "git", paths: ["a=b"] }],
    ["git=C:\\keys\\a", { id: "git", paths: ["C:\\keys\\a"] }],
    ["", undefined],
    ["=a", undefined],
    ["git=", undefined],
    ["git=a,", undefined],
    ["a,b", undefined],
    ["a b=c", undefined],
    ["..", undefined],
  ] as const) {
    it(`reads "${text}"`, () => {
      assert.deepEqual(parseSshSource(text), expected);
    });
  }
});
