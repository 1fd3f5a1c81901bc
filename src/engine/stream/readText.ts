import { EngineRequestError } from "../../core/errors/engineErrors";

/** Longer than any answer of an engine that is read whole: a list of tens of thousands of containers. */
const LONGEST = 64 * 1024 * 1024;

/**
 * The whole of an answer as text. Who answers need not be an engine, and an answer need not have an end: rejects with
 * EngineRequestError when it is longer than 64 MiB.
 *
 * @param during for the message: "listing containers"
 */
export async function readText(chunks: AsyncIterable<Uint8Array>, during: string, longest = LONGEST): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > longest) {
      throw new EngineRequestError(200, during, "what answers is not a container engine: its answer has no end");
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString("utf8");
}
