import assert from "node:assert/strict";
import fc from "fast-check";
import { Redactor } from "./Redactor";

const redactor = new Redactor([
  { text: "u:s3cret@", shown: "u:***@" },
  { text: "s3cret", shown: "***" },
  { text: "", shown: "never" },
]);

describe("Redactor", () => {
  it("shows something else in the place of a secret, the longest where several begin", () => {
    assert.equal(redactor.redact("http://u:s3cret@p and s3cret"), "http://u:***@p and ***");
    assert.equal(new Redactor([{ text: "a.b*", shown: "$&" }]).redact("a.b* axbb"), "$& axbb");
    assert.equal(new Redactor([]).redact("text"), "text");
  });

  it("knows what is left of a secret where a text was cut", () => {
    assert.equal(redactor.redactTail("cret@p s3cret"), "***p ***");
    assert.equal(redactor.redactTail("t@p"), "t@p");
  });

  it("holds back no more than what may be a secret", () => {
    const stream = redactor.stream();
    assert.deepEqual(
      [stream.write("http://u:s3c"), stream.write("a"), stream.write("u:s3cret"), stream.write("!"), stream.end()],
      ["http://", "u:s3ca", "", "u:***!", ""],
    );
    assert.equal(stream.write("s3"), "");
    assert.equal(stream.end(), "s3");
  });

  const letters = (options: { readonly minLength: number; readonly maxLength: number }): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom("a", "b", "c"), ...options });

  it("says of a text in pieces what it says of the whole, however it is split", () => {
    fc.assert(
      fc.property(
        fc.array(letters({ minLength: 1, maxLength: 5 }), { maxLength: 4 }),
        fc.array(letters({ minLength: 0, maxLength: 8 }), { maxLength: 10 }),
        (texts, pieces) => {
          const own = new Redactor(texts.map((text) => ({ text, shown: "*" })));
          const stream = own.stream();
          const shown = [...pieces.map((piece) => stream.write(piece)), stream.end()].join("");
          assert.equal(shown, own.redact(pieces.join("")));
          assert.ok(texts.every((text) => !shown.includes(text)));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
