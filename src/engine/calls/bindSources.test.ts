import assert from "node:assert/strict";
import { refusedSource } from "./bindSources";

describe("refusedSource", () => {
  for (const [detail, source] of [
    ['invalid mount config for type "bind": bind source path does not exist: /a/b', "/a/b"],
    ["Mounts denied: The path /a is not shared from the host and is not known to Docker.", "/a"],
    ["statfs /a/b: no such file or directory", "/a/b"],
    ['invalid mount config for type "bind": bind source path does not exist: /a/other', undefined],
    ['invalid CapAdd: unknown capability: "CAP_/a"', undefined],
    ['invalid port specification: "99999"', undefined],
  ] as const) {
    it(`finds ${source ?? "none"} in: ${detail}`, () => {
      assert.equal(refusedSource(detail, ["/", "/a", "/a/b"]), source);
    });
  }
});
