import assert from "node:assert/strict";
import { mock } from "node:test";
import fc from "fast-check";
import { agentMessages, typeOfMessage } from "./agentMessages";

const message = (content: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let index = 0; start < bytes.length; index++) {
    const size = sizes.length === 0 ? bytes.length : (sizes[index % sizes.length] ?? 1);
    // Whoever gives a piece may write over it afterwards.
    const piece = Uint8Array.from(bytes.subarray(start, start + size));
    yield piece;
    piece.fill(0xff);
    start += size;
  }
}

async function read(bytes: Uint8Array, sizes: readonly number[] = []): Promise<readonly Buffer[]> {
  const all: Buffer[] = [];
  for await (const each of agentMessages(inPieces(bytes, sizes))) {
    all.push(Buffer.from(each));
  }
  return all;
}

describe("agentMessages", () => {
  it("finds every message, wherever the stream is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
        async (contents, sizes) => {
          const messages = contents.map(message);
          assert.deepEqual(await read(Buffer.concat(messages), sizes), messages);
        },
      ),
    );
  });

  it("copies no message again and again, be it large in small pieces or small among many", async () => {
    const many = Array.from({ length: 100 }, () => message(Buffer.from([11])));
    const large = message(Buffer.alloc(1_000, 1));
    const bytes = Buffer.concat(many);
    const { mock: concat } = mock.method(Buffer, "concat");
    try {
      assert.deepEqual(await read(large, [1]), [large]);
      assert.deepEqual(await read(bytes), many);
    } finally {
      concat.restore();
    }
    assert.ok(concat.callCount() <= 2, String(concat.callCount()));
  });

  it("drops one that is cut off", async () => {
    const whole = message(Buffer.from([11]));
    assert.deepEqual(await read(Buffer.concat([whole, whole.subarray(0, 4)])), [whole]);
  });

  it("rejects one that no agent takes, before it has come", async () => {
    await assert.rejects(read(Buffer.from([0xff, 0xff, 0xff, 0xff])), /longer/);
  });

  it("knows their types", () => {
    assert.equal(typeOfMessage(message(Buffer.from([11]))), 11);
    assert.equal(typeOfMessage(message(Buffer.alloc(0))), undefined);
  });
});
