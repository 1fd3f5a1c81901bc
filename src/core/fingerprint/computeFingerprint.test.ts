import assert from "node:assert/strict";
import fc from "fast-check";
import type { SettingInput } from "./BuildInput";
import { computeFingerprint as compute } from "./computeFingerprint";

const text = fc.string({
  unit: fc.oneof(fc.constantFrom('"', "\\", ",", "[", "]", "\n", "a", "b"), fc.string({ minLength: 1, maxLength: 1 })),
});
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const kind = fc.constant;
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });

const input: fc.Arbitrary<SettingInput> = fc.oneof(
  record({ kind: kind("dockerfile"), path: text, sha256: hex }),
  record({ kind: kind("target"), value: text }),
  record({ kind: kind("platform"), value: text }),
  record({ kind: kind("arg"), name: text, value: text }),
  record({ kind: kind("base-image"), reference: text, imageId: fc.option(text) }),
  record({ kind: kind("certificates"), sha256: hex }),
  record({ kind: kind("option"), name: text, value: text }),
  record({ kind: kind("remote"), url: text }),
);
const inputs = fc.array(input, { maxLength: 6 });

const computeFingerprint = (list: readonly SettingInput[]): string => compute(list, "c");

/** What may differ without another image: the Dockerfile's name. */
const meaningOf = (list: readonly SettingInput[]): string =>
  JSON.stringify(list.map((each) => (each.kind === "dockerfile" ? { ...each, path: "" } : each)));

const change = (value: unknown): unknown =>
  typeof value === "number" ? value + 1 : typeof value === "string" ? `${value}x` : "was null";

describe("computeFingerprint", () => {
  it("is a SHA-256 in lower-case hexadecimal, also of nothing", () => {
    fc.assert(
      fc.property(inputs, (list) => {
        assert.match(computeFingerprint(list), /^[0-9a-f]{64}$/);
      }),
    );
  });

  it("is the same for the same inputs, whoever made the objects", () => {
    fc.assert(
      fc.property(inputs, (list) => {
        const reversedKeys = list.map(
          (each) => Object.fromEntries(Object.entries(each).reverse()) as unknown as SettingInput,
        );
        assert.equal(computeFingerprint(reversedKeys), computeFingerprint(list));
      }),
    );
  });

  it("changes with every field of every input that can change the image", () => {
    fc.assert(
      fc.property(inputs, fc.nat(), fc.nat(), (list, whichInput, whichField) => {
        const index = whichInput % Math.max(list.length, 1);
        const chosen = list[index];
        fc.pre(chosen !== undefined);
        const fields = Object.entries(chosen).filter(
          ([field]) => !(field === "kind" || (chosen.kind === "dockerfile" && field === "path")),
        );
        const [field, value] = fields[whichField % fields.length] ?? [];
        assert.ok(field !== undefined);
        const changed = list.with(index, { ...chosen, [field]: change(value) });
        assert.notEqual(computeFingerprint(changed), computeFingerprint(list), `${chosen.kind}.${field}`);
      }),
    );
  });

  it("does not change with the Dockerfile's name: the content says all", () => {
    fc.assert(
      fc.property(inputs, (list) => {
        const other = list.map((each): SettingInput =>
          each.kind === "dockerfile" ? { ...each, path: `${each.path}.moved` } : each,
        );
        assert.equal(computeFingerprint(other), computeFingerprint(list));
      }),
    );
  });

  it("differs for lists that differ, wherever text could be mistaken for structure", () => {
    fc.assert(
      fc.property(inputs, inputs, (one, other) => {
        assert.equal(computeFingerprint(one) === computeFingerprint(other), meaningOf(one) === meaningOf(other));
      }),
      { numRuns: 500 },
    );
  });

  it("changes when an input is added, removed or moved to another place", () => {
    fc.assert(
      fc.property(inputs, input, (list, extra) => {
        const before = computeFingerprint(list);
        assert.notEqual(computeFingerprint([...list, extra]), before);
        assert.notEqual(computeFingerprint([extra, ...list]), before);
        if (list.length > 0) {
          assert.notEqual(computeFingerprint(list.slice(1)), before);
        }
        const reversed = list.toReversed();
        assert.equal(computeFingerprint(reversed) === before, meaningOf(reversed) === meaningOf(list));
      }),
    );
  });

  it("changes with the context's digest, and does not take it for an input", () => {
    assert.notEqual(compute([], "a"), compute([], "b"));
    assert.notEqual(compute([{ kind: "target", value: "a" }], "b"), compute([], "a"));
  });

  it("tells kinds apart that have the same fields", () => {
    const kinds: readonly SettingInput[] = [
      { kind: "target", value: "a" },
      { kind: "platform", value: "a" },
      { kind: "remote", url: "a" },
      { kind: "arg", name: "a", value: "b" },
      { kind: "option", name: "a", value: "b" },
      { kind: "base-image", reference: "a", imageId: "b" },
    ];
    assert.equal(new Set(kinds.map((each) => computeFingerprint([each]))).size, kinds.length);
  });

  it("tells an image that is not there from one with an empty or odd ID", () => {
    const ids = [null, "", "null"].map((imageId) =>
      computeFingerprint([{ kind: "base-image", reference: "a", imageId }]),
    );
    assert.equal(new Set(ids).size, 3);
  });

  it("stays what it was: images of earlier versions count as fresh", () => {
    const list: readonly SettingInput[] = [
      { kind: "dockerfile", path: "Dockerfile", sha256: "0".repeat(64) },
      { kind: "arg", name: "VERSION", value: "1.2" },
      { kind: "base-image", reference: "node:20", imageId: null },
      { kind: "option", name: "label ä", value: "" },
      { kind: "remote", url: "https://example.com/a.tgz" },
    ];
    assert.equal(
      compute(list, "f".repeat(64)),
      "92005608e44c1b18bb765aaaa3423b6955a27f390c4e101c0c989a891aac15dd",
      "Raise FORMAT_VERSION with any change of the encoding, then pin this anew.",
    );
  });
});
