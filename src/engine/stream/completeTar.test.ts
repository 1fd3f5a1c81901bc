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

async function packed(files: readonly (readonly [string, Uint8Array])[]): Promise<Buffer> {
  const packing = pack();
  for (const [name, content] of files) {
    packing.entry({ name }, Buffer.from(content));
  }
  packing.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of packing) {
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

describe("completeTar", () => {
  let tar: Uint8Array;

  before(async () => {
    tar = await packed([["a", Buffer.from("x".repeat(700))]]);
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

  it("does not take zeros in a file, or in what a long name needs, for the end", async () => {
    const whole = await packed([
      ["zeros", new Uint8Array(8192)],
      [`${"long/".repeat(60)}name`, new Uint8Array(3000)],
    ]);
    assert.equal(await read(whole, 700), whole.length);
    for (let length = 0; length < whole.length; length += 512) {
      await assert.rejects(read(whole.subarray(0, length), 1 << 16), /cut/, String(length));
    }
  });

  it("reads sizes that are too large for the usual digits", async () => {
    const [zeros, mark] = [new Uint8Array(4096), new Uint8Array(1024)];
    const binary = header(0);
    binary.fill(0, 124, 136).writeUInt8(0x80, 124);
    binary.writeUInt32BE(zeros.length, 132);
    const record = Buffer.alloc(512);
    record.write(`13 size=${String(zeros.length)}\n`);
    const pax = Buffer.concat([header(512, "x"), record, header(0)]);
    for (const start of [binary, pax]) {
      assert.ok((await read(Buffer.concat([start, zeros, mark]), 500)) > 0);
      await assert.rejects(read(Buffer.concat([start, zeros]), 500), /cut/);
    }
  });
});

function header(size: number, kind = "0"): Buffer {
  const block = Buffer.alloc(512);
  block.write("name");
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write(kind, 156);
  return block;
}
