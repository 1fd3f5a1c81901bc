/** The lines of a program's stdin. */
export async function* readLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let text = "";
  for await (const chunk of input) {
    text += Buffer.from(chunk).toString("latin1");
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
}
