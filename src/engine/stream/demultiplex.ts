import type { OutputChunk } from "../../core/ports/ContainerTypes";
import { EngineRequestError } from "../../core/errors/engineErrors";
import { UNKNOWN_FORM } from "../RefusedCall";

const HEADER_BYTES = 8;
const DURING = "reading the container's output";
const SYSTEM_ERROR = 3;

/**
 * Takes apart the Engine API's stream of frames (ContainerAttach: one byte for the stream, three of padding, four for
 * the length, big-endian; then that many bytes). What is in a frame is passed on as it arrives, without being gathered.
 * A frame of the fourth kind holds an error of the engine itself. A last frame that is cut off yields what came of it:
 * whether the container ended well is not for this stream to say.
 */
export async function* demultiplex(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  const header = Buffer.alloc(HEADER_BYTES);
  let headerLength = 0;
  let remaining = 0;
  const systemError: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let offset = 0;
    while (offset < chunk.length) {
      if (remaining === 0) {
        const taken = Math.min(HEADER_BYTES - headerLength, chunk.length - offset);
        header.set(chunk.subarray(offset, offset + taken), headerLength);
        headerLength += taken;
        offset += taken;
        if (headerLength < HEADER_BYTES) {
          break;
        }
        if (!isHeader(header)) {
          throw new EngineRequestError(200, DURING, UNKNOWN_FORM);
        }
        remaining = header.readUInt32BE(4);
        headerLength = 0;
        continue;
      }
      const data = chunk.subarray(offset, offset + remaining);
      offset += data.length;
      remaining -= data.length;
      switch (header[0]) {
        case 2:
          yield { stream: "stderr", data };
          break;
        case SYSTEM_ERROR:
          systemError.push(data);
          break;
        default:
          yield { stream: "stdout", data };
      }
    }
  }
  if (systemError.length > 0) {
    throw new EngineRequestError(500, DURING, Buffer.concat(systemError).toString("utf8").trim());
  }
}

/** What is none would turn up as output: a page of a server between, an error in words. */
function isHeader([stream = 0, ...rest]: Uint8Array): boolean {
  return stream <= SYSTEM_ERROR && rest.slice(0, 3).every((byte) => byte === 0);
}
