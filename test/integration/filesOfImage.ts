import { gunzipSync } from "node:zlib";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";
import { EngineConnection } from "../../src/engine/EngineConnection";
import { tarEntries } from "./tarEntries";

/** What is in the layers of an image, base image included: a line for each entry, without times and owners' names. */
export async function filesOfImage(address: string, reference: string): Promise<readonly string[]> {
  const parsed = parseEngineAddress(address);
  if ("problem" in parsed) {
    throw new Error(parsed.problem);
  }
  const connection = new EngineConnection(parsed);
  const path = `/images/${reference}/get`;
  const saved = await tarEntries(await connection.stream({ method: "GET", path, during: "saving an image" }));
  const layers = await Promise.all(saved.map(async ({ content }) => filesOfLayer(content)));
  return layers.flat().sort();
}

/** @returns nothing for what is no layer, such as a manifest. */
async function filesOfLayer(content: Buffer): Promise<readonly string[]> {
  const tar = content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content;
  if (tar.toString("latin1", 257, 262) !== "ustar") {
    return [];
  }
  const entries = await tarEntries([tar]);
  return entries.map(({ header }) => {
    const { name, type, mode, size, uid, gid, linkname } = header;
    return [name, type, mode.toString(8), size, uid, gid, linkname].join(" ");
  });
}
