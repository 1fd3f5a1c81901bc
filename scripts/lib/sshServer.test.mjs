import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { parseMissing } from "./sshServer.mjs";

describe("parseMissing", () => {
  it("names what is not found, and nothing else", () => {
    const text = `\tlinux-vdso.so.1 (0x00007fa11021c000)
\tlibwrap.so.0 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fa10f61e000)
`;
    assert.deepEqual(parseMissing(text), ["libwrap.so.0"]);
  });
});
