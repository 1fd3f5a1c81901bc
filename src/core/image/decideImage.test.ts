import assert from "node:assert/strict";
import type { BuildInput } from "../fingerprint/BuildInput";
import { decideImage } from "./decideImage";

const inputs: readonly BuildInput[] = [
  { kind: "dockerfile", path: "Dockerfile", sha256: "1" },
  { kind: "arg", name: "V", value: "1" },
];
const base = {
  collected: {
    fingerprint: "f",
    inputs: [],
    snapshot: { count: inputs.length },
  },
  found: false,
  previous: undefined,
};
const nothing = { before: [], after: [] };

describe("decideImage", () => {
  it("is fresh when an image with the fingerprint is there, whatever was built before", async () => {
    const expected = { state: "fresh", reason: "fresh: 2 inputs unchanged", changes: [] };
    assert.deepEqual(await decideImage({ ...base, found: true }), expected);
    assert.deepEqual(
      await decideImage({ ...base, found: true, previous: { fingerprint: "g", differing: nothing, stillThere: true } }),
      expected,
    );
  });

  it("stays fresh, with the wish as the reason, when a build was asked for", async () => {
    const { state, reason } = await decideImage({ ...base, found: true, force: true });
    assert.deepEqual([state, reason], ["fresh", "a rebuild was asked for"]);
    assert.equal(
      (await decideImage({ ...base, found: true, force: true, noCache: true })).reason,
      "a rebuild without cache was asked for",
    );
    assert.equal(
      (await decideImage({ ...base, found: true, force: false, noCache: false })).reason,
      "fresh: 2 inputs unchanged",
    );
  });

  it("is absent when there never was one", async () => {
    assert.deepEqual(await decideImage(base), { state: "absent", reason: "there is no image yet", changes: [] });
  });

  it("is absent when the very same image is gone", async () => {
    assert.deepEqual(
      await decideImage({ ...base, previous: { fingerprint: "f", differing: nothing, stillThere: false } }),
      {
        state: "absent",
        reason: "the image is not there any more",
        changes: [],
      },
    );
  });

  it("is absent when the last one is gone, too", async () => {
    const previous = { fingerprint: "g", differing: nothing, stillThere: false };
    assert.equal((await decideImage({ ...base, previous })).state, "absent");
  });

  it("is stale when the last one was made from other inputs, and says which", async () => {
    const previous = {
      fingerprint: "g",
      stillThere: true,
      differing: { before: [{ kind: "arg", name: "V", value: "0" }], after: inputs.slice(1) } as const,
    };
    assert.deepEqual(await decideImage({ ...base, previous }), {
      state: "stale",
      reason: "ARG V changed (0 -> 1)",
      changes: [{ change: "changed", subject: "ARG V", detail: "0 -> 1" }],
    });
  });

  it("names what changed also when a build was asked for", async () => {
    const previous = { fingerprint: "g", differing: { before: [], after: inputs.slice(1) }, stillThere: true };
    assert.equal((await decideImage({ ...base, previous, force: true, noCache: true })).reason, "ARG V added");
  });

  it("has a reason also when the same inputs had another fingerprint in an earlier version", async () => {
    const { state, reason } = await decideImage({
      ...base,
      previous: { fingerprint: "g", differing: nothing, stillThere: true },
    });
    assert.deepEqual([state, reason], ["stale", "the image was made by another version of Slipway"]);
  });
});
