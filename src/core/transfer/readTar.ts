import { extract, type Header } from "tar-stream";
import { drained } from "../drained";
import { messageOf } from "../errors/ExpectedError";

export interface TarEntry {
  readonly header: Header;
  /** To be read before the next entry is asked for, and not left early but by an error. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** What came is no tar, or not a whole one. */
export class BrokenTarError extends Error {
  override readonly name = "BrokenTarError";
}

/** A tar ends in two blocks of zeros. */
const END_BYTES = 1024;

/**
 * The entries of a tar, one after the other. Rejects with what the chunks reject with, and with BrokenTarError.
 *
 * @param chunks are let go of when the loop is left.
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const parser = extract();
  const feeding = feed(parser, chunks);
  try {
    for await (const entry of parser) {
      yield { header: entry.header, content: readContent(entry as AsyncIterable<Uint8Array>, feeding) };
      entry.resume();
    }
  } catch (error) {
    throw await causeOf(error, feeding);
  } finally {
    parser.destroy();
  }
  const failure = await feeding;
  if (failure !== undefined) {
    throw failure;
  }
}

async function* readContent(
  content: AsyncIterable<Uint8Array>,
  feeding: Promise<Error | undefined>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    throw await causeOf(error, feeding);
  }
}

/** What ended the feeding has destroyed the parser, and tells more than that does. */
async function causeOf(error: unknown, feeding: Promise<Error | undefined>): Promise<Error> {
  return (await feeding) ?? new BrokenTarError(messageOf(error), { cause: error });
}

/** @returns what went wrong with the chunks; never rejects. */
async function feed(parser: ReturnType<typeof extract>, chunks: AsyncIterable<Uint8Array>): Promise<Error | undefined> {
  let zeros = 0;
  try {
    for await (const chunk of chunks) {
      zeros = zerosAtEnd(chunk, zeros);
      const more = parser.write(chunk);
      if (parser.destroyed) {
        return undefined;
      }
      if (!more) {
        await drained(parser);
      }
    }
    if (zeros < END_BYTES) {
      throw new BrokenTarError("the tar has no end");
    }
    parser.end(undefined);
    return undefined;
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(messageOf(error));
    parser.destroy(failure);
    return failure;
  }
}

/** How many zeros, at most END_BYTES, a stream ends in after another chunk. */
function zerosAtEnd(chunk: Uint8Array, before: number): number {
  const first = Math.max(0, chunk.length - END_BYTES);
  for (let index = chunk.length - 1; index >= first; index--) {
    if (chunk[index] !== 0) {
      return chunk.length - 1 - index;
    }
  }
  return Math.min(END_BYTES, chunk.length + (first > 0 ? 0 : before));
}
