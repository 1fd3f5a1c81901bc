import assert from "node:assert/strict";
import fc from "fast-check";
import { EngineRequestError } from "../../core/errors/engineErrors";
import { wholeFrames } from "./wholeFrames";

describe("wholeFrames", () => {
  const frame = (stream: number, text: string): Buffer => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  const chunksOf = async function* (bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
    let start = 0;
    for (const size of [...sizes, bytes.length]) {
      await Promise.resolve();
      yield bytes.subarray(start, start + size);
      start += size;
    }
  };
  const read = async (chunks: AsyncIterable<Uint8Array>): Promise<readonly (readonly [string, string])[]> => {
    const frames: (readonly [string, string])[] = [];
    for await (const { stream, data } of wholeFrames(chunks)) {
      frames.push([stream, Buffer.from(data).toString()]);
    }
    return frames;
  };

  it("gives each frame whole, wherever the stream is cut", async () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ maxLength: 12 })));
    await fc.assert(
      fc.asyncProperty(frames, fc.array(fc.nat({ max: 9 })), async (written, sizes) => {
        const bytes = Buffer.concat(written.map(([stream, text]) => frame(stream, text)));
        assert.deepEqual(
          await read(chunksOf(bytes, sizes)),
          written.map(([stream, text]) => [stream === 2 ? "stderr" : "stdout", text]),
        );
      }),
    );
  });

  it("leaves out what is cut off, and refuses what is no frame or an error", async () => {
    const bytes = Buffer.concat([frame(1, "whole"), frame(1, "cut off").subarray(0, -1)]);
    assert.deepEqual(await read(chunksOf(bytes, [])), [["stdout", "whole"]]);
    await assert.rejects(read(chunksOf(Buffer.from("<html></html>"), [])), EngineRequestError);
    await assert.rejects(read(chunksOf(frame(3, "no such log"), [])), /no such log/);
  });
});
