import { extract, type Header } from "tar-stream";

export interface TarEntry {
  readonly header: Header;
  readonly content: Buffer;
}

/** All entries of a tar, their contents in memory. */
export async function tarEntries(tar: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<readonly TarEntry[]> {
  const parser = extract();
  const feeding = (async () => {
    for await (const chunk of tar) {
      parser.write(chunk);
    }
    parser.end(undefined);
  })();
  const found: TarEntry[] = [];
  for await (const entry of parser) {
    const parts: Uint8Array[] = [];
    for await (const part of entry as AsyncIterable<Uint8Array>) {
      parts.push(part);
    }
    found.push({ header: entry.header, content: Buffer.concat(parts) });
  }
  await feeding;
  return found;
}
