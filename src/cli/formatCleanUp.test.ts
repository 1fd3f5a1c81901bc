import assert from "node:assert/strict";
import type { WorkspaceImage } from "../core/image/list/WorkspaceImage";
import { formatCleanUp, formatOutcome, formatOutcomeAsJson } from "./formatCleanUp";

const fresh: WorkspaceImage = {
  ...{ id: `sha256:${"a".repeat(64)}`, name: "ours:1", otherNames: [], fingerprint: "1", state: "fresh" },
  ...{ sizeBytes: 120_000_000, created: 1, lastUsed: 1, usedBy: [] },
};
const old: WorkspaceImage = {
  ...{ id: `sha256:${"b".repeat(64)}`, name: undefined, otherNames: [], fingerprint: "2", state: "superseded" },
  ...{ sizeBytes: 2_000, created: 1, lastUsed: undefined, usedBy: [] },
};

describe("formatCleanUp", () => {
  it("tells of each image what was done, and why not", () => {
    assert.equal(formatOutcome({ kind: "removed", image: old }), "removed       bbbbbbbbbbbb  <none>  (2.0 kB)");
    const kept = { kind: "kept", image: fresh, reason: { kind: "in-use", by: ["one", "two"] } } as const;
    assert.equal(formatOutcome(kept), "kept          aaaaaaaaaaaa  ours:1  (in use by one, two)");
    assert.deepEqual(JSON.parse(formatOutcomeAsJson(kept)), {
      ...{ type: "kept", id: fresh.id, name: "ours:1", state: "fresh", sizeBytes: 120_000_000 },
      reason: { kind: "in-use", by: ["one", "two"] },
    });
    const failed = { kind: "failed", image: old, message: "no" } as const;
    assert.match(formatOutcome(failed), /^failed .*\(no\)$/);
    assert.match(formatOutcomeAsJson(failed), /"message":"no"/);
    assert.match(formatOutcome({ kind: "would-remove", image: old }), /^would remove /);
    assert.match(formatOutcome({ kind: "gone", image: old }), /^gone already /);
  });

  it("sums up", () => {
    const kept = { kind: "kept", image: fresh, reason: { kind: "current" } } as const;
    const gone = { kind: "gone", image: old } as const;
    assert.match(formatCleanUp([]), /no images/);
    assert.equal(formatCleanUp([kept, gone]), "nothing to remove, 1 image kept");
    assert.equal(
      formatCleanUp([kept, { kind: "removed", image: old }, { kind: "removed", image: fresh }]),
      "2 images removed (120 MB, less the layers that others share), 1 image kept",
    );
    assert.match(formatCleanUp([{ kind: "would-remove", image: old }]), /^1 image would be removed .*, 0 images kept$/);
  });
});
