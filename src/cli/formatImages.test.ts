import assert from "node:assert/strict";
import type { WorkspaceImage } from "../core/image/list/WorkspaceImage";
import { formatImages } from "./formatImages";

const NOW = 1_800_000_000_000;

const fresh: WorkspaceImage = {
  id: `sha256:${"a".repeat(64)}`,
  name: "ours:1",
  otherNames: ["app:dev"],
  fingerprint: "1",
  state: "fresh",
  sizeBytes: 120_000_000,
  created: 1,
  lastUsed: NOW - 120_000,
  usedBy: [
    { id: "1", name: "one", running: true },
    { id: "2", name: "two", running: false },
  ],
};
const old: WorkspaceImage = {
  ...{ id: `sha256:${"b".repeat(64)}`, name: undefined, otherNames: [], fingerprint: "2", state: "superseded" },
  ...{ sizeBytes: 2_000, created: NOW / 1000 - 86_400 * 3, lastUsed: undefined, usedBy: [] },
};

describe("formatImages", () => {
  it("shows a line for each below a header", () => {
    assert.deepEqual(formatImages([fresh, old], NOW), [
      "STATE       ID            SIZE    LAST USED   CONTAINERS  NAME",
      "fresh       aaaaaaaaaaaa  120 MB  2 min ago   one,two     ours:1, app:dev",
      "superseded  bbbbbbbbbbbb  2.0 kB  3 days ago  -           <none>",
    ]);
  });
});
