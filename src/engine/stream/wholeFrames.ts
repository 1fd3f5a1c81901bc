import { EngineRequestError } from "../../core/errors/engineErrors";
import type { OutputChunk } from "../../core/ports/ContainerTypes";
import { UNKNOWN_FORM } from "../RefusedCall";

const HEADER_BYTES = 8;
const DURING = "reading the container's logs";
const SYSTEM_ERROR = 3;

/**
 * The frames of the Engine API's stream, each gathered whole, where it matters which bytes came in one: as `demultiplex`,
 * for frames that are known to be small. A last one that is cut off is left out.
 */
export async function* wholeFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let offset = 0;
    while (bytes.length - offset >= HEADER_BYTES) {
      const end = offset + HEADER_BYTES + bytes.readUInt32BE(offset + 4);
      const stream = bytes[offset] ?? 0;
      if (stream > SYSTEM_ERROR || bytes.readUIntBE(offset + 1, 3) !== 0) {
        throw new EngineRequestError(200, DURING, UNKNOWN_FORM);
      }
      if (end > bytes.length) {
        break;
      }
      const data = bytes.subarray(offset + HEADER_BYTES, end);
      if (stream === SYSTEM_ERROR) {
        throw new EngineRequestError(500, DURING, data.toString("utf8").trim());
      }
      yield { stream: stream === 2 ? "stderr" : "stdout", data };
      offset = end;
    }
    rest = bytes.subarray(offset);
  }
}
