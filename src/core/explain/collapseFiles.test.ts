import assert from "node:assert/strict";
import { collapseFiles } from "./collapseFiles";
import { explainChanges } from "./explainChanges";
import type { BuildInput } from "../fingerprint/BuildInput";

function told(paths: readonly string[], before: readonly string[] = []): readonly string[] {
  const inputs = (all: readonly string[], sha256: string): readonly BuildInput[] =>
    all.map((path) =>
      path.endsWith("/")
        ? { kind: "directory", path: path.slice(0, -1), mode: 0o755 }
        : { kind: "file", path, mode: 0o644, size: 1, sha256 },
    );
  return collapseFiles(explainChanges(inputs(before, "old"), inputs(paths, "new"))).map((line) =>
    line.kind === "change" ? line.change.subject : `${line.folder}: ${line.summary}`,
  );
}

const many = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index)}`);

describe("collapseFiles", () => {
  it("names each of a hundred", () => {
    assert.equal(told(many(100, "src/")).length, 100);
  });

  it("tells of thousands in one folder as such, and of the others one by one", () => {
    const paths = ["Dockerfile", "node_modules/", ...many(4_000, "node_modules/p/f"), "src/", "src/a/", "src/a/b.js"];
    assert.deepEqual(told(paths, [...many(7, "node_modules/p/f"), "node_modules/p/gone"]), [
      "Dockerfile",
      "node_modules/",
      "node_modules/p/: 3,993 added, 7 changed, 1 removed",
      "src/",
      "src/a/",
      "src/a/b.js",
    ]);
  });

  it("goes down to where it spreads out", () => {
    assert.deepEqual(told([...many(150, "a/b/c/x"), ...many(30, "a/b/d/y"), "a/e"]), [
      "a/b/c/: 150 added",
      "a/b/d/: 30 added",
      "a/e",
    ]);
  });

  it("tells large folders apart where there are many names", () => {
    const paths = [...many(30, "f"), ...many(50, "large/"), ...many(40, "other/")];
    assert.deepEqual(told(paths), ["large/: 50 added", "other/: 40 added", "./: 30 added"]);
  });

  it("counts every change once", () => {
    const paths = Array.from(
      { length: 3_000 },
      (_, index) => `d${String(index % 7)}/${index % 5 === 0 ? `e${String(index % 31)}/` : ""}f${String(index)}`,
    );
    const count = told(paths).reduce((sum, line) => {
      const numbers = /: ([\d,]+) added$/.exec(line)?.[1];
      return sum + (numbers === undefined ? 1 : Number(numbers.replaceAll(",", "")));
    }, 0);
    assert.equal(count, 3_000);
  });
});
