import { StringDecoder } from "node:string_decoder";
import type { OutputChunk } from "../ports/ContainerTypes";

export interface OutputText {
  readonly stream: OutputChunk["stream"];
  readonly text: string;
}

/** Bytes as text: a character that the engine cut in two comes out whole. What is not UTF-8 becomes U+FFFD. */
export async function* decodeOutput(chunks: AsyncIterable<OutputChunk>): AsyncGenerator<OutputText> {
  const decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  for await (const { stream, data } of chunks) {
    const text = decoders[stream].write(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    if (text !== "") {
      yield { stream, text };
    }
  }
  for (const stream of ["stdout", "stderr"] as const) {
    const text = decoders[stream].end();
    if (text !== "") {
      yield { stream, text };
    }
  }
}
