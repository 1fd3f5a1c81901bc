import assert from "node:assert/strict";
import type { BuildInput } from "./BuildInput";
import { compareInputs, describeChanges } from "./describeChanges";

const file = (path: string, content = "1", mode = 0o644): BuildInput => ({
  kind: "file",
  path,
  mode,
  size: content.length,
  sha256: content,
});
const directory = (path: string, mode = 0o755): BuildInput => ({ kind: "directory", path, mode });
const say = async (before: readonly BuildInput[], after: readonly BuildInput[]): Promise<string> =>
  describeChanges(await compareInputs(before, after));

describe("compareInputs", () => {
  it("finds nothing between equal lists, in whatever order", async () => {
    const inputs = [file("a"), directory("b"), { kind: "target", value: "x" } as const];
    assert.deepEqual(await compareInputs(inputs, [...inputs].reverse()), []);
    assert.deepEqual(await compareInputs([], []), []);
  });

  it("tells what was added, changed and removed, the latter last", async () => {
    const changes = await compareInputs(
      [file("gone"), file("b"), file("same")],
      [file("a"), file("b", "2"), file("same")],
    );
    assert.deepEqual(changes, [
      { change: "added", subject: "a" },
      { change: "changed", subject: "b" },
      { change: "removed", subject: "gone" },
    ]);
  });
});

describe("describeChanges", () => {
  for (const [what, before, after, expected] of [
    ["a file", [file("src/a.js")], [file("src/a.js", "2")], "src/a.js changed"],
    ["permissions", [file("a.sh")], [file("a.sh", "1", 0o755)], "a.sh changed (mode 644 -> 755)"],
    ["permissions of a folder", [directory("a")], [directory("a", 0o700)], "a changed (mode 755 -> 700)"],
    ["a file that became a folder", [file("a")], [directory("a")], "a changed (was a file)"],
    [
      "a link",
      [{ kind: "symlink", path: "a", target: "x" }],
      [{ kind: "symlink", path: "a", target: "y" }],
      "a changed",
    ],
    [
      "an argument",
      [{ kind: "arg", name: "VERSION", value: "1.2" }],
      [{ kind: "arg", name: "VERSION", value: "1.3" }],
      "ARG VERSION changed (1.2 -> 1.3)",
    ],
    ["an argument that came", [], [{ kind: "arg", name: "A", value: "1" }], "ARG A added"],
    [
      "a target",
      [{ kind: "target", value: "dev" }],
      [{ kind: "target", value: "prod" }],
      "target prod changed (dev -> prod)",
    ],
    ["a target that went", [{ kind: "target", value: "dev" }], [], "target dev removed"],
    [
      "a platform",
      [{ kind: "platform", value: "linux/amd64" }],
      [{ kind: "platform", value: "linux/arm64" }],
      "platform linux/arm64 changed (linux/amd64 -> linux/arm64)",
    ],
    [
      "a base image",
      [{ kind: "base-image", reference: "node:20", imageId: null }],
      [{ kind: "base-image", reference: "node:20", imageId: "sha256:1" }],
      "base image node:20 changed",
    ],
    [
      "another Dockerfile",
      [{ kind: "dockerfile", path: "Dockerfile", sha256: "1" }],
      [{ kind: "dockerfile", path: "dev.dockerfile", sha256: "2" }],
      "dev.dockerfile changed (was Dockerfile)",
    ],
  ] as readonly (readonly [string, readonly BuildInput[], readonly BuildInput[], string])[]) {
    it(`names ${what}`, async () => {
      assert.equal(await say(before, after), expected);
    });
  }

  it("names the Dockerfile once, although it is a file of the context as well", async () => {
    const of = (content: string): readonly BuildInput[] => [
      { kind: "dockerfile", path: "Dockerfile", sha256: content },
      file("Dockerfile", content),
    ];
    assert.equal(await say(of("1"), of("2")), "Dockerfile changed");
  });

  it("names three, and counts the rest", async () => {
    const after = ["a", "b", "c", "d", "e"].map((path) => file(path));
    assert.equal(await say([], after.slice(0, 3)), "a added, b added, c added");
    assert.equal(await say([], after), "a added, b added, c added and 2 more");
  });

  it("leaves out folders that came or went with what is in them", async () => {
    assert.equal(await say([], [directory("a"), directory("a/b"), file("a/b/c")]), "a/b/c added");
    assert.equal(await say([directory("a"), file("a/b")], []), "a/b removed");
    assert.equal(await say([], [directory("a"), file("ab")]), "a added, ab added");
  });

  it("keeps a folder that changed itself, whatever changed in it", async () => {
    assert.equal(
      await say([directory("a"), file("a/b")], [directory("a", 0o700), file("a/b", "2")]),
      "a changed (mode 755 -> 700), a/b changed",
    );
  });

  it("does not take a base image for a folder that holds another", async () => {
    const of = (imageId: string): readonly BuildInput[] =>
      ["app", "app/web"].map((reference) => ({ kind: "base-image", reference, imageId }));
    assert.equal(await say(of("1"), of("2")), "base image app changed, base image app/web changed");
  });

  it("takes time in proportion to the number of changes", () => {
    const many = Array.from({ length: 200_000 }, (_, index) => ({
      change: "added" as const,
      subject: `folder${String(index % 1000)}/deep/file${String(index)}`,
    }));
    assert.match(describeChanges(many), /^folder0\/deep\/file0 added, .* and 199997 more$/);
  });

  it("says nothing about no changes", () => {
    assert.equal(describeChanges([]), "");
  });
});
