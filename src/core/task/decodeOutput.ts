import { StringDecoder } from "node:string_decoder";
import type { OutputChunk } from "../ports/ContainerTypes";

/** A piece of output, as it came and as text. */
export interface OutputText extends OutputChunk {
  /** Whole characters: one that the engine cut in two comes with its second half. What is not UTF-8 becomes U+FFFD. */
  readonly text: string;
}

/** Adds the text to bytes. The last pieces may have text only. */
export async function* decodeOutput(chunks: AsyncIterable<OutputChunk>): AsyncGenerator<OutputText> {
  const decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  for await (const { stream, data } of chunks) {
    if (data.length === 0) {
      continue;
    }
    yield { stream, data, text: decoders[stream].write(Buffer.from(data.buffer, data.byteOffset, data.byteLength)) };
  }
  for (const stream of ["stdout", "stderr"] as const) {
    const text = decoders[stream].end();
    if (text !== "") {
      yield { stream, data: new Uint8Array(), text };
    }
  }
}
