import assert from "node:assert/strict";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { WatchedBody } from "./WatchedBody";

describe("WatchedBody", () => {
  const ignore = (): void => undefined;
  const chunksOf = (iterator: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]: () => iterator,
  });

  it("has failed when its chunks have", async () => {
    const broken = new Error("cannot be read");
    const body = new WatchedBody(chunksOf({ next: async () => Promise.reject(broken) }));
    await assert.rejects(body.read(ignore).next(), broken);
    assert.throws(() => {
      body.throwIfFailed();
    }, broken);
  });

  it("has not failed when whoever takes it does, and lets go of its chunks", async () => {
    let isLeft = false;
    const body = new WatchedBody(
      chunksOf({
        next: async () => Promise.resolve({ value: Buffer.alloc(1 << 16) }),
        return: async () => {
          isLeft = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    );
    const lost = new Error("read ECONNRESET");
    const taker = new Writable({
      write(_chunk, _encoding, done) {
        done(lost);
      },
    });
    await assert.rejects(pipeline(Readable.from(body.read(ignore), { objectMode: false }), taker), lost);
    body.throwIfFailed();
    assert.ok(isLeft);
  });
});
