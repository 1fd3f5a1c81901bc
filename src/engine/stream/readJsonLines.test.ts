import assert from "node:assert/strict";
import fc from "fast-check";
import { readJsonLines } from "./readJsonLines";

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
async function* streamOf(...chunks: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    yield Buffer.from(chunk);
  }
}

async function read(...chunks: readonly (Uint8Array | string)[]): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const value of readJsonLines(streamOf(...chunks))) {
    all.push(value);
  }
  return all;
}

describe("readJsonLines", () => {
  it("reads the same values however the bytes are cut, with either end of line", async () => {
    const lines = fc.array(fc.tuple(fc.jsonValue(), fc.constantFrom("\n", "\r\n", "\n\n", " \r\n")), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat({ max: 200 })), fc.boolean(), async (values, places, endsOpen) => {
        const text = values.map(([value, end]) => JSON.stringify(value) + end).join("");
        const bytes = Buffer.from(endsOpen ? text.trimEnd() : text);
        const ends = [...places.filter((place) => place < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        assert.deepEqual(
          await read(...chunks),
          values.map(([value]) => JSON.parse(JSON.stringify(value)) as unknown),
        );
      }),
    );
  });

  it("yields a value as soon as its line is complete", async () => {
    const seen: unknown[] = [];
    const chunks = (async function* () {
      yield* streamOf('{"a":1}\n{"b"');
      assert.deepEqual(seen, [{ a: 1 }]);
      yield* streamOf(":2}\n");
      assert.deepEqual(seen, [{ a: 1 }, { b: 2 }]);
    })();
    for await (const value of readJsonLines(chunks)) {
      seen.push(value);
    }
    assert.equal(seen.length, 2);
  });

  it("yields the last value without a line break after it", async () => {
    assert.deepEqual(await read('{"a":1}\r\n{"b":2}'), [{ a: 1 }, { b: 2 }]);
  });

  it("passes over what is not JSON and goes on after it", async () => {
    assert.deepEqual(await read("\n\r\n<html>\n{\n1\n", Buffer.from([0xff, 0x0a]), "2\n"), [1, 2]);
  });

  it("passes over half a value at the end", async () => {
    assert.deepEqual(await read('{"a":1}\n{"b":'), [{ a: 1 }]);
    assert.deepEqual(await read(Buffer.from('{"a":1}\n"ä').subarray(0, -1)), [{ a: 1 }]);
  });

  it("yields nothing for an empty stream", async () => {
    assert.deepEqual(await read(), []);
    assert.deepEqual(await read("", ""), []);
  });

  it("keeps separators that are line breaks only elsewhere", async () => {
    assert.deepEqual(await read('"a\u2028b"\n"c\\nd"\n'), ["a\u2028b", "c\nd"]);
  });

  it("reads one long line that comes in many pieces", async () => {
    const long = "x".repeat(1 << 20);
    const bytes = Buffer.from(`${JSON.stringify(long)}\n`);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, index) =>
      bytes.subarray(index * 4096, (index + 1) * 4096),
    );
    assert.deepEqual(await read(...chunks), [long]);
  });

  it("fails as the stream does", async () => {
    const failure = new Error("engine lost");
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from("1\n");
      throw failure;
    };
    await assert.rejects(async () => {
      for await (const value of readJsonLines(broken())) {
        assert.equal(value, 1);
      }
    }, failure);
  });
});
