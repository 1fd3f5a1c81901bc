import assert from "node:assert/strict";
import { EngineRequestError } from "../../core/errors/engineErrors";
import { readText } from "./readText";

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    yield await Promise.resolve(Buffer.from(text, "latin1"));
  }
}

describe("readText", () => {
  it("puts characters together that came in pieces", async () => {
    assert.equal(await readText(chunks("a\xc3", "\xa9"), "testing"), "aé");
  });

  it("does not read an answer without end, and lets go of it", async () => {
    let left = false;
    const endless = (async function* () {
      try {
        for (;;) {
          yield await Promise.resolve(Buffer.alloc(1024));
        }
      } finally {
        left = true;
      }
    })();
    await assert.rejects(readText(endless, "testing", 1024 * 1024), EngineRequestError);
    assert.ok(left);
  });
});
