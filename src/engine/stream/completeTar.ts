const END_BYTES = 1024;

/**
 * Passes on a tar, and rejects with what `incomplete` gives when it comes to an end without its end mark, two blocks of
 * zeros: an engine that fails in the middle of one ends its answer as if it were whole.
 */
export async function* completeTar(
  chunks: AsyncIterable<Uint8Array>,
  incomplete: () => Error,
): AsyncGenerator<Uint8Array> {
  let last: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    last = chunk.length >= END_BYTES ? chunk.subarray(-END_BYTES) : Buffer.concat([last, chunk]).subarray(-END_BYTES);
    yield chunk;
  }
  if (last.length < END_BYTES || last.some((byte) => byte !== 0)) {
    throw incomplete();
  }
}
