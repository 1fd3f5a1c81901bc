import type { OutputChunk } from "../../core/ports/ContainerTypes";
import { EngineRequestError } from "../../core/errors/engineErrors";
import { UNKNOWN_FORM } from "../RefusedCall";

const HEADER_BYTES = 8;
const DURING = "reading the container's output";
const SYSTEM_ERROR = 3;
/** To copy more than this costs more than a piece of its own. */
const LARGE_BYTES = 8_192;

/**
 * Takes apart the Engine API's stream of frames (ContainerAttach: one byte for the stream, three of padding, four for
 * the length, big-endian; then that many bytes). What is in a frame is passed on as it arrives; of small
 * frames that arrived together, neighbours of the same stream are one piece, since each piece costs more than its bytes do. A frame of the
 * fourth kind holds an error of the engine itself. A last frame that is cut off yields what came of it: whether the
 * container ended well is not for this stream to say.
 */
export async function* demultiplex(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  const frames = new FrameReader();
  for await (const chunk of chunks) {
    yield* frames.read(chunk);
  }
  if (frames.systemError.length > 0) {
    throw new EngineRequestError(500, DURING, Buffer.concat(frames.systemError).toString("utf8").trim());
  }
}

class FrameReader {
  readonly systemError: Uint8Array[] = [];
  private readonly header = Buffer.alloc(HEADER_BYTES);
  private headerLength = 0;
  /** Bytes of the frame that are still to come. */
  private remaining = 0;
  private isBroken = false;

  /** Throws for what is no frame, after what came before. */
  *read(chunk: Uint8Array): Generator<OutputChunk> {
    let stream: OutputChunk["stream"] = "stdout";
    let parts: Uint8Array[] = [];
    let offset = 0;
    while (offset < chunk.length && !this.isBroken) {
      if (this.remaining === 0) {
        offset = this.readHeader(chunk, offset);
        continue;
      }
      const data = chunk.subarray(offset, offset + this.remaining);
      offset += data.length;
      this.remaining -= data.length;
      const kind = this.header[0];
      if (kind === SYSTEM_ERROR) {
        this.systemError.push(data);
        continue;
      }
      const next = kind === 2 ? "stderr" : "stdout";
      if (parts.length > 0 && (next !== stream || data.length >= LARGE_BYTES)) {
        yield { stream, data: joined(parts) };
        parts = [];
      }
      stream = next;
      if (data.length >= LARGE_BYTES) {
        yield { stream, data };
      } else {
        parts.push(data);
      }
    }
    if (parts.length > 0) {
      yield { stream, data: joined(parts) };
    }
    if (this.isBroken) {
      throw new EngineRequestError(200, DURING, UNKNOWN_FORM);
    }
  }

  /** @returns where it has come to in the chunk. */
  private readHeader(chunk: Uint8Array, offset: number): number {
    const end = Math.min(offset + HEADER_BYTES - this.headerLength, chunk.length);
    this.header.set(chunk.subarray(offset, end), this.headerLength);
    this.headerLength += end - offset;
    if (this.headerLength === HEADER_BYTES) {
      this.isBroken = !isHeader(this.header);
      this.remaining = this.header.readUInt32BE(4);
      this.headerLength = 0;
    }
    return end;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = parts;
  return first !== undefined && others.length === 0 ? first : Buffer.concat(parts);
}

/** What is none would turn up as output: a page of a server between, an error in words. */
function isHeader(header: Uint8Array): boolean {
  return (header[0] ?? 0) <= SYSTEM_ERROR && header[1] === 0 && header[2] === 0 && header[3] === 0;
}
