import assert from "node:assert/strict";
import fc from "fast-check";
import { TextFollower } from "./TextFollower";

describe("TextFollower", () => {
  const chunksOf = async function* (text: string, size: number): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < text.length; start += size) {
      await Promise.resolve();
      yield Buffer.from(text.slice(start, start + size));
    }
  };

  it("gives all of a text once, however it grows and is cut", async () => {
    const pieces = fc.array(fc.string({ unit: fc.constantFrom("a", "\n", "b"), maxLength: 6 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 7 }), async (written, size) => {
        const follower = new TextFollower();
        let text = "";
        let given = "";
        for (const [index, piece] of [...written, ""].entries()) {
          text += piece;
          for await (const data of follower.read(chunksOf(text, size), index === written.length)) {
            given += Buffer.from(data).toString();
          }
          assert.ok(text.startsWith(given));
        }
        assert.equal(given, text);
      }),
    );
  });

  for (const [text, lines, begun, then] of [
    ["a\nb\nc\n", 2, "b\n", "c\n"],
    ["a\nb\nc", 2, "b\n", "c"],
    ["a\nb\nc\n", 0, "", ""],
    ["a\n", 5, "", "a\n"],
    ["", 3, "", ""],
  ] as const) {
    it(`begins with the last ${String(lines)} lines of ${JSON.stringify(text)}`, async () => {
      const follower = new TextFollower();
      const first = await follower.begin(chunksOf(text, 3), lines);
      assert.equal(Buffer.concat(first).toString(), begun);
      const rest: Uint8Array[] = [];
      for await (const data of follower.read(chunksOf(text, 3), true)) {
        rest.push(data);
      }
      assert.equal(Buffer.concat(rest).toString(), then);
    });
  }
});
