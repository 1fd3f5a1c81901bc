import assert from "node:assert/strict";
import fc from "fast-check";
import type { BuildInput } from "./BuildInput";
import { computeFingerprint } from "./computeFingerprint";

const text = fc.string({
  unit: fc.oneof(fc.constantFrom('"', "\\", ",", "[", "]", "\n", "a", "b"), fc.string({ minLength: 1, maxLength: 1 })),
});
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const mode = fc.integer({ min: 0, max: 0o777 });
const kind = fc.constant;
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });

const input: fc.Arbitrary<BuildInput> = fc.oneof(
  record({ kind: kind("dockerfile"), path: text, sha256: hex }),
  record({ kind: kind("target"), value: text }),
  record({ kind: kind("platform"), value: text }),
  record({ kind: kind("arg"), name: text, value: text }),
  record({ kind: kind("base-image"), reference: text, imageId: fc.option(text) }),
  record({ kind: kind("file"), path: text, mode, size: fc.nat(), sha256: hex }),
  record({ kind: kind("directory"), path: text, mode }),
  record({ kind: kind("symlink"), path: text, target: text }),
  record({ kind: kind("fifo"), path: text, mode }),
);
const inputs = fc.array(input, { maxLength: 6 });

/** What may differ without another image: the Dockerfile's name, and a file's size besides its content. */
const meaningOf = (list: readonly BuildInput[]): string =>
  JSON.stringify(
    list.map((each) => {
      switch (each.kind) {
        case "dockerfile":
          return { ...each, path: "" };
        case "file":
          return { ...each, size: 0 };
        default:
          return each;
      }
    }),
  );

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
          (each) => Object.fromEntries(Object.entries(each).reverse()) as unknown as BuildInput,
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
          ([field]) => !(field === "kind" || field === "size" || (chosen.kind === "dockerfile" && field === "path")),
        );
        const [field, value] = fields[whichField % fields.length] ?? [];
        assert.ok(field !== undefined);
        const changed = list.with(index, { ...chosen, [field]: change(value) });
        assert.notEqual(computeFingerprint(changed), computeFingerprint(list), `${chosen.kind}.${field}`);
      }),
    );
  });

  it("does not change with a file's size alone or the Dockerfile's name: the content says all", () => {
    fc.assert(
      fc.property(inputs, (list) => {
        const other = list.map((each): BuildInput => {
          switch (each.kind) {
            case "dockerfile":
              return { ...each, path: `${each.path}.moved` };
            case "file":
              return { ...each, size: each.size + 1 };
            default:
              return each;
          }
        });
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

  it("tells kinds apart that have the same fields", () => {
    const same = { path: "a", mode: 0o755 };
    const kinds: readonly BuildInput[] = [
      { kind: "directory", ...same },
      { kind: "fifo", ...same },
      { kind: "target", value: "a" },
      { kind: "platform", value: "a" },
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
    const list: readonly BuildInput[] = [
      { kind: "dockerfile", path: "Dockerfile", sha256: "0".repeat(64) },
      { kind: "arg", name: "VERSION", value: "1.2" },
      { kind: "base-image", reference: "node:20", imageId: null },
      { kind: "directory", path: "src", mode: 0o755 },
      { kind: "file", path: "src/ä.js", mode: 0o644, size: 3, sha256: "f".repeat(64) },
      { kind: "symlink", path: "src/link", target: "ä.js" },
    ];
    assert.equal(
      computeFingerprint(list),
      "1e815306993e8ac9b9b50a4a801233ad33b5ba71a1ebe4d4248186bdcc9eb12f",
      "Raise FORMAT_VERSION with any change of the encoding, then pin this anew.",
    );
  });
});
