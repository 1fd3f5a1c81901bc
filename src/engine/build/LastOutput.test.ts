import assert from "node:assert/strict";
import { LastOutput } from "./LastOutput";

function keep(...pieces: readonly string[]): string {
  const output = new LastOutput();
  pieces.forEach((piece) => {
    output.add(piece);
  });
  return output.toString();
}

describe("LastOutput", () => {
  it("is empty at first and for white space", () => {
    assert.equal(keep(), "");
    assert.equal(keep("\n", " \n"), "");
  });

  it("joins pieces of lines", () => {
    assert.equal(keep("ab", "c\nd", "e\n"), "abc\nde");
  });

  it("keeps the last twenty lines", () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${String(index)}`);
    assert.equal(keep(...lines.map((line) => `${line}\n`)), lines.slice(-20).join("\n"));
    assert.equal(keep(lines.join("\n")), lines.slice(-20).join("\n"));
  });

  it("keeps only the end of a line without end", () => {
    const text = keep("start", ...Array.from({ length: 100 }, () => "x".repeat(1000)), "end");
    assert.ok(text.length <= 4000 && text.endsWith("xend") && !text.includes("start"));
  });
});
