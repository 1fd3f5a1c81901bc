import assert from "node:assert/strict";
import fc from "fast-check";
import { showableAddress } from "./showableAddress";

describe("showableAddress", () => {
  for (const [text, expected] of [
    [" unix:///run/docker.sock\n", "unix:///run/docker.sock"],
    ["/run/a:b@c.sock", "/run/a:b@c.sock"],
    ["unix:///run/a:b@c.sock", "unix:///run/a:b@c.sock"],
    ["tcp://localhost:2375", "tcp://localhost:2375"],
    ["ssh://ada@host:22/x", "ssh://ada@host:22/x"],
    ["tcp://ada:secret@host:2375", "tcp://ada:***@host:2375"],
    ["ssh://ada:se@cr/et@host/x", "ssh://ada:***@host/x"],
    ["tcp://:secret@host", "tcp://:***@host"],
    ["ada:secret@host", "ada:***@host"],
    ["a\nb\u0007c\u202ed", "a\u{fffd}b\u{fffd}c\u{fffd}d"],
  ] as const) {
    it(`shows ${JSON.stringify(text)} as ${JSON.stringify(expected)}`, () => {
      assert.equal(showableAddress(text), expected);
    });
  }

  it("never shows a password, on one line", () => {
    const part = fc.stringMatching(/^[a-z@:/.%-]*$/);
    fc.assert(
      fc.property(fc.constantFrom("tcp", "http", "https", "ssh", "x"), part, part, part, (scheme, ...[a, b, c]) => {
        const shown = showableAddress(`${scheme}://ada:${a}SECRET${b}@${c}`);
        assert.ok(!shown.includes("SECRET") && !shown.includes("\n"), shown);
      }),
    );
  });
});
