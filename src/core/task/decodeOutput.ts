import type { OutputChunk } from "../ports/ContainerTypes";

/** A piece of output, as it came and as text. */
export interface OutputText extends OutputChunk {
  /**
   * Whole characters: one that the engine cut in two comes with its second half. What is not UTF-8 becomes U+FFFD. Made
   * when it is asked for: most output is only passed on.
   */
  readonly text: string;
}

/** Adds the text to bytes. The last pieces may have text only. */
export async function* decodeOutput(chunks: AsyncIterable<OutputChunk>): AsyncGenerator<OutputText> {
  const halves = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  for await (const { stream, data } of chunks) {
    if (data.length === 0) {
      continue;
    }
    const half = halves[stream];
    const own = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const bytes = half.length === 0 ? own : Buffer.concat([half, own]);
    const end = bytes.length - halfCharacter(bytes);
    // A copy, since the whole of the chunk would stay with it.
    halves[stream] = Buffer.from(bytes.subarray(end));
    yield outputText(stream, data, bytes.subarray(0, end));
  }
  for (const stream of ["stdout", "stderr"] as const) {
    if (halves[stream].length > 0) {
      yield outputText(stream, new Uint8Array(), halves[stream]);
    }
  }
}

/** @param bytes those that make the text, which may begin with some of an earlier piece. */
function outputText(stream: OutputChunk["stream"], data: Uint8Array, bytes: Buffer): OutputText {
  let text: string | undefined;
  return {
    stream,
    data,
    get text() {
      return (text ??= bytes.toString("utf8"));
    },
  };
}

/** How many bytes at the end are the beginning of a character of which more may come: 0 to 3 (RFC 3629, section 3). */
function halfCharacter(bytes: Buffer): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count++) {
    const byte = bytes[bytes.length - count] ?? 0;
    if (byte < 0x80) {
      return 0;
    }
    if (byte >= 0xc0) {
      const whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return whole > count ? count : 0;
    }
  }
  return 0;
}
