import assert from "node:assert/strict";
import { readCacheReference } from "./readCacheReference";

describe("readCacheReference", () => {
  for (const [text, from, to] of [
    ["app", "app", "app"],
    [
      "registry.example.com:5000/app:cache",
      "registry.example.com:5000/app:cache",
      "registry.example.com:5000/app:cache",
    ],
    ["type=registry,ref=a/b:c", "a/b:c", "a/b:c"],
    ["ref=a/b:c,type=registry", "a/b:c", "a/b:c"],
    // For a cache to be read, this is the name of an image like any other.
    ["inline", "inline", "inline"],
    ["type=inline", undefined, "inline"],
    ["type=registry,ref=", undefined, undefined],
    ["type=registry,ref=A", undefined, undefined],
    ["type=registry", undefined, undefined],
    ["type=registry,ref=a,mode=max", undefined, undefined],
    ["type=local,src=a", undefined, undefined],
    ["type=gha", undefined, undefined],
    ["a,b", undefined, undefined],
    ["", undefined, undefined],
  ] as const) {
    it(`reads "${text}"`, () => {
      assert.deepEqual([readCacheReference(text, "from"), readCacheReference(text, "to")], [from, to]);
    });
  }
});
