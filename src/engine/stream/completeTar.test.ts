import assert from "node:assert/strict";
import { pack } from "tar-stream";
import { completeTar } from "./completeTar";

async function read(tar: Uint8Array, size: number): Promise<number> {
  const pieces = function* (): Generator<Uint8Array> {
    for (let offset = 0; offset < tar.length; offset += size) {
      yield tar.subarray(offset, offset + size);
    }
  };
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
  const chunks = (async function* () {
    yield* pieces();
  })();
  let length = 0;
  for await (const chunk of completeTar(chunks, () => new Error("cut"))) {
    length += chunk.length;
  }
  return length;
}

describe("completeTar", () => {
  let tar: Uint8Array;

  before(async () => {
    const packing = pack();
    packing.entry({ name: "a" }, "x".repeat(700));
    packing.finalize();
    const chunks: Uint8Array[] = [];
    for await (const chunk of packing) {
      chunks.push(chunk as Uint8Array);
    }
    tar = Buffer.concat(chunks);
  });

  it("passes on what is whole, however it comes", async () => {
    for (const size of [1, 511, 512, 1000, 1024, 1025, 1 << 16]) {
      assert.equal(await read(tar, size), tar.length);
    }
  });

  it("rejects what was cut", async () => {
    for (const length of [0, 1, 511, 512, 1024, tar.length - 1024, tar.length - 513]) {
      await assert.rejects(read(tar.subarray(0, length), 100), /cut/, String(length));
    }
  });
});
