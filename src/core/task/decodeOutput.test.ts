import assert from "node:assert/strict";
import fc from "fast-check";
import type { OutputChunk } from "../ports/ContainerTypes";
import { decodeOutput, type OutputText } from "./decodeOutput";

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
async function* streamOf(chunks: readonly OutputChunk[]): AsyncGenerator<OutputChunk> {
  yield* chunks;
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

const decode = async (chunks: readonly OutputChunk[]): Promise<readonly OutputText[]> =>
  collect(decodeOutput(streamOf(chunks)));
const texts = async (chunks: readonly OutputChunk[]): Promise<readonly Pick<OutputText, "stream" | "text">[]> =>
  (await decode(chunks)).map(({ stream, text }) => ({ stream, text }));
const textOf = (texts: readonly OutputText[], stream: OutputChunk["stream"]): string =>
  texts
    .filter((text) => text.stream === stream)
    .map(({ text }) => text)
    .join("");
const chunk = (stream: OutputChunk["stream"], ...bytes: readonly number[]): OutputChunk => ({
  stream,
  data: Uint8Array.from(bytes),
});

describe("decodeOutput", () => {
  it("gives the same text however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary" }),
        fc.array(fc.nat({ max: 40 }), { maxLength: 10 }),
        async (text, cuts) => {
          const bytes = Buffer.from(text);
          const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
          const chunks = ends.map((end, index): OutputChunk => ({
            stream: "stdout",
            data: bytes.subarray(ends[index - 1] ?? 0, end),
          }));
          assert.equal(textOf(await decode(chunks), "stdout"), bytes.toString("utf8"));
        },
      ),
    );
  });

  it("makes the same of what is no text, however it is cut", async () => {
    const odd = fc.oneof(fc.constantFrom(0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xc3, 0xff, 0x61), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(odd, { maxLength: 5 })), async (parts) => {
        const pieces = await decode(parts.map((part) => chunk("stdout", ...part)));
        assert.equal(textOf(pieces, "stdout"), Buffer.from(parts.flat()).toString("utf8"));
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps the bytes as they are, whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array()), async (parts) => {
        const pieces = await decode(parts.map((data) => ({ stream: "stdout", data })));
        assert.deepEqual(Buffer.concat(pieces.map(({ data }) => data)), Buffer.concat(parts));
      }),
    );
  });

  it("keeps the streams apart when both cut a character at the same time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary" }),
        fc.infiniteStream(fc.boolean()),
        async (out, err, turns) => {
          const rest = { stdout: [...Buffer.from(out)], stderr: [...Buffer.from(err)] };
          const chunks: OutputChunk[] = [];
          while (rest.stdout.length + rest.stderr.length > 0) {
            const preferred = turns.next().value === true ? "stdout" : "stderr";
            const stream = rest[preferred].length > 0 ? preferred : preferred === "stdout" ? "stderr" : "stdout";
            chunks.push(chunk(stream, ...rest[stream].splice(0, 1)));
          }
          const pieces = await decode(chunks);
          assert.equal(textOf(pieces, "stdout"), Buffer.from(out).toString("utf8"));
          assert.equal(textOf(pieces, "stderr"), Buffer.from(err).toString("utf8"));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("passes text on as it comes, without waiting for lines", async () => {
    assert.deepEqual(await texts([chunk("stdout", 0x61), chunk("stderr", 0x62), chunk("stdout", 0x63)]), [
      { stream: "stdout", text: "a" },
      { stream: "stderr", text: "b" },
      { stream: "stdout", text: "c" },
    ]);
  });

  it("yields nothing for an empty stream and for empty chunks", async () => {
    assert.deepEqual(await texts([]), []);
    assert.deepEqual(await texts([chunk("stdout"), chunk("stderr")]), []);
  });

  it("shows bytes that are not UTF-8, and half a character at the end", async () => {
    assert.deepEqual(await texts([chunk("stdout", 0xff, 0x61)]), [{ stream: "stdout", text: "\uFFFDa" }]);
    assert.deepEqual(await texts([chunk("stderr", 0x61, 0xe2, 0x82)]), [
      { stream: "stderr", text: "a" },
      { stream: "stderr", text: "\uFFFD" },
    ]);
  });

  it("reads only its part of a larger buffer", async () => {
    const whole = Uint8Array.from(Buffer.from("--text--"));
    assert.deepEqual(await texts([{ stream: "stdout", data: whole.subarray(2, 6) }]), [
      { stream: "stdout", text: "text" },
    ]);
  });

  it("fails as the stream does, after what came before", async () => {
    const failure = new Error("engine lost");
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    const broken = async function* (): AsyncGenerator<OutputChunk> {
      yield chunk("stdout", 0x61);
      throw failure;
    };
    const seen: string[] = [];
    await assert.rejects(async () => {
      for await (const { text } of decodeOutput(broken())) {
        seen.push(text);
      }
    }, failure);
    assert.deepEqual(seen, ["a"]);
  });
});
