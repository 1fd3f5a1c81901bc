import type { OutputChunk } from "../../core/ports/ContainerTypes";
import { demultiplex } from "./demultiplex";
import { leave, releasing } from "./releasing";

/**
 * A program's output as engines send it: in frames, or as it is where it comes from a terminal. The kind of the answer does
 * not tell on engines before Docker 23, so that whoever asks must know.
 */
export function readOutput(chunks: AsyncIterable<Uint8Array>, tty: boolean): AsyncGenerator<OutputChunk> {
  return releasing(tty ? asStdout(chunks) : demultiplex(chunks), async () => leave(chunks));
}

async function* asStdout(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  for await (const data of chunks) {
    yield { stream: "stdout", data };
  }
}
