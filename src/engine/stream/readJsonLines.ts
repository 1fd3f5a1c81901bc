import { StringDecoder } from "node:string_decoder";

/** Values of a stream of JSON values, one a line (engines end lines with CR LF or LF). A line that is no JSON is passed over. */
export async function* readJsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      yield* parse(line);
    }
  }
  yield* parse(rest + decoder.end());
}

function* parse(line: string): Generator {
  if (line.trim() !== "") {
    try {
      yield JSON.parse(line) as unknown;
    } catch {
      // Half a line at the end of a stream that was cut: the stream's own end tells of that.
    }
  }
}
