import assert from "node:assert/strict";
import fc from "fast-check";
import { planCleanUp, type KeepReason } from "./planCleanUp";
import type { WorkspaceImage } from "./WorkspaceImage";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

function imageOf(overrides: Partial<WorkspaceImage> & { readonly id: string }): WorkspaceImage {
  const { id } = overrides;
  return {
    name: `ours:${id}`,
    otherNames: [],
    fingerprint: id,
    state: "superseded",
    sizeBytes: 1,
    created: NOW / 1000 - 100_000,
    lastUsed: NOW - 1_000 * MINUTE,
    usedBy: [],
    ...overrides,
  };
}

const fresh = imageOf({ id: "fresh", state: "fresh", lastUsed: NOW - 2 * MINUTE });

function reasons(images: readonly WorkspaceImage[], keep: number): readonly (KeepReason["kind"] | "remove")[] {
  return planCleanUp(images, { keep, now: NOW }).map((planned) => planned.keep?.kind ?? "remove");
}

describe("planCleanUp", () => {
  it("keeps the current one and as many of the last as are asked for", () => {
    const images = [fresh, ...["1", "2", "3"].map((id) => imageOf({ id }))];
    assert.deepEqual(reasons(images, 0), ["current", "remove", "remove", "remove"]);
    assert.deepEqual(reasons(images, 2), ["current", "recent", "recent", "remove"]);
    assert.deepEqual(reasons(images, 9), ["current", "recent", "recent", "recent"]);
    assert.deepEqual(reasons([{ ...fresh, state: "stale" }, ...images.slice(1)], 1), [
      "current",
      "recent",
      "remove",
      "remove",
    ]);
  });

  it("keeps what a container uses and what somebody has named, and says so", () => {
    const by = { id: "c", name: "somebody", running: false };
    const images = [
      fresh,
      imageOf({ id: "used", usedBy: [by] }),
      imageOf({ id: "named", otherNames: ["mine:1"] }),
      imageOf({ id: "nameless", name: undefined, usedBy: [by] }),
    ];
    assert.deepEqual(
      planCleanUp(images, { keep: 0, now: NOW }).map(({ keep }) => keep),
      [
        { kind: "current" },
        { kind: "in-use", by: ["somebody"] },
        { kind: "named", names: ["mine:1"] },
        { kind: "in-use", by: ["somebody"] },
      ],
    );
  });

  it("never keeps one without a name as one of the last", () => {
    const nameless = imageOf({ id: "nameless", name: undefined, lastUsed: undefined });
    assert.deepEqual(reasons([fresh, imageOf({ id: "1" }), nameless], 5), ["current", "recent", "remove"]);
    assert.deepEqual(reasons([nameless], 5), ["remove"]);
  });

  it("leaves in peace for three minutes what was used after the current one, and not what that has replaced", () => {
    const replaced = imageOf({ id: "replaced", lastUsed: NOW - 2.5 * MINUTE });
    const others = imageOf({ id: "others", lastUsed: NOW - 1 * MINUTE });
    const built = imageOf({ id: "built", lastUsed: undefined, created: NOW / 1000 - 30 });
    assert.deepEqual(reasons([fresh, replaced, others, built], 0), ["current", "remove", "busy", "busy"]);
    const old = { ...fresh, lastUsed: NOW - 20 * MINUTE };
    const forgotten = { ...others, lastUsed: NOW - 4 * MINUTE };
    assert.deepEqual(reasons([old, forgotten], 0), ["current", "remove"]);
  });

  it("removes nothing that is current, used or named, whatever there is", () => {
    const anyImage = fc.record({
      name: fc.constantFrom(undefined, "ours:1"),
      otherNames: fc.constantFrom([], ["mine:1"]),
      usedBy: fc.constantFrom([], [{ id: "c", name: "c", running: true }]),
      lastUsed: fc.option(fc.integer({ min: NOW - 30 * MINUTE, max: NOW }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(anyImage), fc.nat(4), fc.boolean(), (found, keep, hasCurrent) => {
        const others = found.map((image, index) => imageOf({ id: String(index), ...image }));
        const images = hasCurrent ? [fresh, ...others] : others;
        for (const planned of planCleanUp(images, { keep, now: NOW })) {
          const { otherNames, usedBy } = planned.image;
          const isProtected = planned.image === fresh || otherNames.length > 0 || usedBy.length > 0;
          assert.ok(planned.keep !== undefined || !isProtected);
        }
      }),
    );
  });
});
