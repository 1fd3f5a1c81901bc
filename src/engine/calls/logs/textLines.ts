const NEWLINE = 0x0a;

/** Text, line by line. The last one may have no end. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ readonly data: Uint8Array }> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      yield { data: text.subarray(start, end + 1) };
      start = end + 1;
    }
    rest = text.subarray(start);
  }
  if (rest.length > 0) {
    yield { data: rest };
  }
}
