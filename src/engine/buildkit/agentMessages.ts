const LENGTH_BYTES = 4;
/** As many as OpenSSH's agent takes (AGENT_MAX_LEN in its authfd.c). */
const MOST_BYTES = 256 * 1024;

/**
 * The messages of the SSH agent protocol (draft-miller-ssh-agent) in a stream of bytes: each whole, with its length
 * before it. Rejects with an Error when one is longer than any agent takes; what is cut off at the end is dropped.
 */
export async function* agentMessages(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  // What is there is only put together when something can be read of it: pieces may be as small as a byte.
  let needed = LENGTH_BYTES;
  for await (const piece of pieces) {
    waiting.push(Buffer.from(piece));
    size += piece.length;
    while (size >= needed) {
      const [first] = waiting;
      const bytes = first !== undefined && waiting.length === 1 ? first : Buffer.concat(waiting);
      waiting = [bytes];
      needed = LENGTH_BYTES + bytes.readUInt32BE();
      if (needed > MOST_BYTES) {
        throw new Error(`a message of ${String(needed)} bytes is longer than SSH agents take`);
      }
      if (size >= needed) {
        yield bytes.subarray(0, needed);
        waiting = [bytes.subarray(needed)];
        size -= needed;
        needed = LENGTH_BYTES;
      }
    }
  }
}

/** The number that says what a message is; undefined for an empty one. */
export function typeOfMessage(message: Uint8Array): number | undefined {
  return message[LENGTH_BYTES];
}
