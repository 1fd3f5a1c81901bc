import assert from "node:assert/strict";
import fc from "fast-check";
import { EngineRequestError } from "../../core/errors/engineErrors";
import type { OutputChunk } from "../../core/ports/ContainerTypes";
import { demultiplex } from "./demultiplex";

const KINDS = { stdin: 0, stdout: 1, stderr: 2, systemError: 3 } as const;

function frame(kind: number, data: Uint8Array | string): Buffer {
  const body = Buffer.from(data);
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
async function* streamOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** Cuts bytes at the given places, as far as they are inside. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...places.filter((place) => place < bytes.length).sort((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<readonly OutputChunk[]> {
  const all: OutputChunk[] = [];
  for await (const chunk of demultiplex(chunks)) {
    all.push(chunk);
  }
  return all;
}

/** Neighbours of the same stream joined: where the bytes are cut does not matter. */
function runs(chunks: readonly OutputChunk[]): readonly (readonly [OutputChunk["stream"], string])[] {
  const all: [OutputChunk["stream"], string][] = [];
  for (const { stream, data } of chunks) {
    const last = all.at(-1);
    const hex = Buffer.from(data).toString("hex");
    if (last?.[0] === stream) {
      last[1] += hex;
    } else if (hex !== "") {
      all.push([stream, hex]);
    }
  }
  return all;
}

describe("demultiplex", () => {
  it("gives every byte to its stream, in order, however frames and chunks are cut", async () => {
    const body = fc.record({
      stream: fc.constantFrom("stdout" as const, "stderr" as const),
      data: fc.uint8Array({ maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(body, { maxLength: 12 }), fc.array(fc.nat({ max: 300 })), async (frames, places) => {
        const bytes = Buffer.concat(frames.map(({ stream, data }) => frame(KINDS[stream], data)));
        assert.deepEqual(runs(await read(streamOf(...cut(bytes, places)))), runs(frames));
      }),
    );
  });

  it("passes on what is in a frame before the frame is complete", async () => {
    const whole = frame(KINDS.stdout, "hello");
    const chunks = await read(streamOf(whole.subarray(0, 10), whole.subarray(10)));
    assert.deepEqual(
      chunks.map(({ data }) => Buffer.from(data).toString()),
      ["he", "llo"],
    );
  });

  it("yields nothing for an empty stream, empty chunks and empty frames", async () => {
    assert.deepEqual(await read(streamOf()), []);
    assert.deepEqual(await read(streamOf(new Uint8Array(0))), []);
    const bytes = Buffer.concat([
      frame(KINDS.stdout, ""),
      frame(KINDS.stderr, ""),
      frame(KINDS.stdout, "x"),
      frame(KINDS.stderr, ""),
    ]);
    assert.deepEqual(runs(await read(streamOf(bytes))), [["stdout", "78"]]);
  });

  it("ends quietly in the middle of a header", async () => {
    for (let length = 1; length < 8; length++) {
      const chunks = await read(streamOf(frame(KINDS.stdout, "x"), frame(KINDS.stderr, "y").subarray(0, length)));
      assert.deepEqual(runs(chunks), [["stdout", "78"]]);
    }
  });

  it("yields what came of a frame that was cut off", async () => {
    assert.deepEqual(runs(await read(streamOf(frame(KINDS.stderr, "hello").subarray(0, 10)))), [["stderr", "6865"]]);
  });

  it("takes a frame with a length of four bytes, all of them counted", async () => {
    const header = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    assert.deepEqual(runs(await read(streamOf(header, Buffer.from("x"), Buffer.from("y")))), [["stdout", "7879"]]);
  });

  it("throws the engine's own error at the end, after all output", async () => {
    const seen: string[] = [];
    const chunks = streamOf(
      frame(KINDS.systemError, "disk "),
      frame(KINDS.stdout, "x"),
      frame(KINDS.systemError, "full\n"),
    );
    await assert.rejects(
      async () => {
        for await (const { data } of demultiplex(chunks)) {
          seen.push(Buffer.from(data).toString());
        }
      },
      (error) => {
        assert.ok(error instanceof EngineRequestError);
        assert.equal(error.detail, "disk full");
        return true;
      },
    );
    assert.deepEqual(seen, ["x"]);
  });

  it("reads the engine's own error whole, wherever its characters are cut", async () => {
    const bytes = frame(KINDS.systemError, "plein à craquer");
    for (let place = 1; place < bytes.length; place++) {
      await assert.rejects(read(streamOf(...cut(bytes, [place]))), /plein à craquer/);
    }
  });

  it("makes one piece of neighbours of the same stream that came together, whatever came apart", async () => {
    const bytes = [
      frame(KINDS.stdout, "a"),
      frame(KINDS.stdout, "b"),
      frame(KINDS.stderr, "c"),
      frame(KINDS.stdout, "d"),
    ];
    const chunks = await read(streamOf(Buffer.concat(bytes), frame(KINDS.stdout, "e")));
    assert.deepEqual(
      chunks.map(({ stream, data }) => [stream, Buffer.from(data).toString()]),
      [
        ["stdout", "ab"],
        ["stderr", "c"],
        ["stdout", "d"],
        ["stdout", "e"],
      ],
    );
  });

  it("gives what came before what is no frame, then throws", async () => {
    const seen: string[] = [];
    await assert.rejects(async () => {
      for await (const { data } of demultiplex(
        streamOf(Buffer.concat([frame(KINDS.stdout, "x"), Buffer.from("<html><body>")])),
      )) {
        seen.push(Buffer.from(data).toString());
      }
    }, EngineRequestError);
    assert.deepEqual(seen, ["x"]);
  });

  it("fails as the stream does, after what came before", async () => {
    const failure = new Error("engine lost");
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield frame(KINDS.stdout, "x");
      throw failure;
    };
    await assert.rejects(read(broken()), failure);
  });

  it("ends the stream when the loop over it is left", async () => {
    let ended = false;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          yield* streamOf(frame(KINDS.stdout, "x"));
        }
      } finally {
        ended = true;
      }
    };
    for await (const { stream } of demultiplex(endless())) {
      assert.equal(stream, "stdout");
      break;
    }
    assert.equal(ended, true);
  });

  it("takes time in proportion to the number of frames, also of one byte each in one chunk", async () => {
    const bytes = Buffer.concat(Array.from({ length: 100_000 }, () => frame(KINDS.stdout, "x")));
    let count = 0;
    const started = performance.now();
    for await (const { data } of demultiplex(streamOf(bytes))) {
      count += data.length;
    }
    assert.equal(count, 100_000);
    // Copying the rest of the chunk for each frame would be 45 GB, which takes many seconds.
    assert.ok(performance.now() - started < 2000, "linear");
  });
});
