import { gunzipSync } from "node:zlib";
import { extract, type Header } from "tar-stream";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";
import { EngineConnection } from "../../src/engine/EngineConnection";

/** What is in the layers of an image, base image included: a line for each entry, without times and owners' names. */
export async function filesOfImage(address: string, reference: string): Promise<readonly string[]> {
  const parsed = parseEngineAddress(address);
  if ("problem" in parsed) {
    throw new Error(parsed.problem);
  }
  const connection = new EngineConnection(parsed);
  const path = `/images/${reference}/get`;
  const saved = await entriesOf(await connection.stream({ method: "GET", path, during: "saving an image" }));
  const layers = await Promise.all(saved.map(async ({ content }) => filesOfLayer(content)));
  return layers.flat().sort();
}

interface Entry {
  readonly header: Header;
  readonly content: Buffer;
}

/** @returns nothing for what is no layer, such as a manifest. */
async function filesOfLayer(content: Buffer): Promise<readonly string[]> {
  const tar = content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content;
  if (tar.toString("latin1", 257, 262) !== "ustar") {
    return [];
  }
  const entries = await entriesOf([tar]);
  return entries.map(({ header }) => {
    const { name, type, mode, size, uid, gid, linkname } = header;
    return [name, type, mode.toString(8), size, uid, gid, linkname].join(" ");
  });
}

async function entriesOf(tar: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<readonly Entry[]> {
  const parser = extract();
  const feeding = (async () => {
    for await (const chunk of tar) {
      parser.write(chunk);
    }
    parser.end(undefined);
  })();
  const found: Entry[] = [];
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
