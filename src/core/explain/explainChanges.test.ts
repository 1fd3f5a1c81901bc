import assert from "node:assert/strict";
import fc from "fast-check";
import type { BuildInput } from "../fingerprint/BuildInput";
import { explainChanges } from "./explainChanges";

const file = (path: string, fields: { sha256?: string; mode?: number; size?: number } = {}): BuildInput => ({
  kind: "file",
  path,
  mode: 0o644,
  size: 5,
  sha256: "aa",
  ...fields,
});

/** "changed src/app.js: content, 5 -> 7 bytes" */
function explained(before: readonly BuildInput[], after: readonly BuildInput[]): readonly string[] {
  return explainChanges(before, after).map(
    ({ change, subject, details }) => `${change} ${subject}${details.length === 0 ? "" : `: ${details.join("; ")}`}`,
  );
}

describe("explainChanges", () => {
  it("says what is different about a file, all of it", () => {
    assert.deepEqual(
      explained(
        [file("a"), file("b"), file("c"), file("d"), file("same")],
        [
          file("a", { sha256: "bb", size: 1_234 }),
          file("b", { sha256: "bb" }),
          file("c", { mode: 0o4755 }),
          file("d", { sha256: "bb", size: 1, mode: 0o600 }),
          file("same"),
        ],
      ),
      [
        "changed a: content, 5 -> 1,234 bytes",
        "changed b: content, 5 bytes as before",
        "changed c: mode 644 -> 4755",
        "changed d: content, 5 -> 1 byte; mode 644 -> 600",
      ],
    );
  });

  it("tells what came and what went, and what became something else", () => {
    assert.deepEqual(
      explained(
        [file("gone"), file("became"), { kind: "directory", path: "old", mode: 0o755 }],
        [
          { kind: "directory", path: "became", mode: 0o755 },
          { kind: "symlink", path: "link", target: "a" },
          { kind: "fifo", path: "pipe", mode: 0o600 },
          file("new", { size: 1 }),
        ],
      ),
      [
        "changed became/: was a file, is a folder",
        "added link: link to a",
        "added pipe: FIFO",
        "added new: 1 byte",
        "removed gone: 5 bytes",
        "removed old/",
      ],
    );
  });

  it("says where a link led and leads", () => {
    const to = (target: string): BuildInput => ({ kind: "symlink", path: "l", target });
    assert.deepEqual(explained([to("a")], [to("b")]), ["changed l: link to a -> b"]);
  });

  it("says what base images were and are", () => {
    const base = (imageId: string | null): BuildInput => ({ kind: "base-image", reference: "node:20", imageId });
    const [a, b] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
    assert.deepEqual(explained([base(a)], [base(b)]), ["changed node:20: aaaaaaaaaaaa -> bbbbbbbbbbbb"]);
    assert.deepEqual(explained([base(null)], [base(b)]), ["changed node:20: was not on this engine, is bbbbbbbbbbbb"]);
    assert.deepEqual(explained([base(a)], [base(null)]), [
      "changed node:20: is not on this engine any more, or not for this platform (it was aaaaaaaaaaaa)",
    ]);
    assert.deepEqual(explained([], [base(null)]), ["added node:20: not on this engine"]);
  });

  it("says what arguments and options were and are, of secrets only that there is one", () => {
    const arg = (value: string): BuildInput => ({ kind: "arg", name: "VERSION", value });
    const option = (name: string, value: string): BuildInput => ({ kind: "option", name, value });
    const target = (value: string): BuildInput => ({ kind: "target", value });
    assert.deepEqual(
      explained(
        [arg("1.2"), target("dev"), option("network", "host"), option("secret npm", "")],
        [arg(""), target("prod"), { kind: "platform", value: "linux/arm64" }, option("ssh default", "")],
      ),
      [
        'changed ARG VERSION: 1.2 -> ""',
        "changed target: dev -> prod",
        "added platform: linux/arm64",
        "added ssh default",
        "removed network: host",
        "removed secret npm",
      ],
    );
  });

  it("tells of a Dockerfile that changed, and of another one", () => {
    const dockerfile = (path: string, sha256: string): BuildInput => ({ kind: "dockerfile", path, sha256 });
    assert.deepEqual(explained([dockerfile("Dockerfile", "a")], [dockerfile("Dockerfile", "b")]), [
      "changed Dockerfile: content",
    ]);
    assert.deepEqual(explained([dockerfile("Dockerfile", "a")], [dockerfile("dev.Dockerfile", "a")]), [
      "changed dev.Dockerfile: was Dockerfile",
    ]);
  });

  it("keeps names that break lines or command terminals out of the text", () => {
    const long = "x".repeat(500);
    const [odd, right, cut] = explained([], [file("a\n\u001b[31m"), file("a\u202eb"), file(long)]);
    assert.equal(odd, "added a\\x0a\\x1b[31m: 5 bytes");
    assert.equal(right, "added a\\u202eb: 5 bytes");
    assert.equal(cut, `added ${"x".repeat(200)}…: 5 bytes`);
  });

  it("is complete: what is told, put over what was, is what is", () => {
    const input = fc.oneof(
      fc
        .record({
          path: fc.constantFrom("a", "b", "c/d"),
          sha256: fc.constantFrom("1", "2"),
          mode: fc.constantFrom(0, 1),
        })
        .map(({ path, ...rest }) => file(path, rest)),
      fc
        .record({ name: fc.constantFrom("A", "B"), value: fc.string() })
        .map((each) => ({ kind: "arg" as const, ...each })),
      fc.constantFrom("x", "y").map((target) => ({ kind: "symlink" as const, path: "a", target })),
    );
    const identity = (each: BuildInput): string =>
      "path" in each ? each.path : "name" in each ? each.name : each.kind;
    const inputs = fc.uniqueArray(input, { selector: identity });
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        const changes = explainChanges(before, after);
        const removed = new Set(
          changes.flatMap((change) => (change.change === "removed" ? [identity(change.before ?? assert.fail())] : [])),
        );
        const others = new Map(
          changes.flatMap((change) =>
            change.after === undefined ? [] : [[identity(change.after), change.after] as const],
          ),
        );
        const result = new Map<string, BuildInput>([
          ...before.filter((each) => !removed.has(identity(each))).map((each) => [identity(each), each] as const),
          ...others,
        ]);
        assert.deepEqual([...result.values()].sort(byIdentity), [...after].sort(byIdentity));
      }),
    );
    function byIdentity(a: BuildInput, b: BuildInput): number {
      return identity(a) < identity(b) ? -1 : 1;
    }
  });
});
