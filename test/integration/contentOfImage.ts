import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";
import { EngineConnection } from "../../src/engine/EngineConnection";
import { tarEntries, type TarEntry } from "./tarEntries";

/**
 * All that a build can make of an image, layer by layer: a line for each entry with its mode, owner, link and a digest of
 * its content, without times, and the configuration without the history.
 */
export async function contentOfImage(address: string, reference: string): Promise<readonly string[]> {
  const parsed = parseEngineAddress(address);
  if ("problem" in parsed) {
    throw new Error(parsed.problem);
  }
  const path = `/images/${encodeURIComponent(reference)}/get`;
  const connection = new EngineConnection(parsed);
  const saved = await tarEntries(await connection.stream({ method: "GET", path, during: "saving an image" }));
  const files = new Map(saved.map(({ header, content }) => [header.name, content]));
  const [manifest] = JSON.parse(String(files.get("manifest.json"))) as readonly {
    readonly Config: string;
    readonly Layers: readonly string[];
  }[];
  const { config } = JSON.parse(String(files.get(manifest?.Config ?? ""))) as { readonly config: object };
  const layers = await Promise.all(
    (manifest?.Layers ?? []).map(async (name, index) => {
      const layer = linkedTo(saved, name) ?? files.get(name) ?? Buffer.alloc(0);
      const entries = await tarEntries([layer[0] === 0x1f && layer[1] === 0x8b ? gunzipSync(layer) : layer]);
      return entries.map((entry) => `${String(index)} ${describe(entry)}`).sort();
    }),
  );
  return [JSON.stringify(config), ...layers.flat()];
}

/** Old engines save a layer that they have saved already as a link. */
function linkedTo(saved: readonly TarEntry[], name: string): Buffer | undefined {
  const target = saved.find(({ header }) => header.name === name && header.type === "symlink")?.header.linkname;
  return target === undefined
    ? undefined
    : saved.find(({ header }) => header.name === target.replace(/^(?:\.\.\/)+/u, ""))?.content;
}

function describe({ header, content }: TarEntry): string {
  const { name, type, mode, uid, gid, linkname } = header;
  const sha256 = createHash("sha256").update(content).digest("hex");
  return [name, type, mode.toString(8), uid, gid, linkname, sha256].join(" ");
}
