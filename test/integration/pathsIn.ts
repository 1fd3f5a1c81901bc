import { readdirSync } from "node:fs";
import { join } from "node:path";

/** All that is in a folder, folders before what is in them, in the order in which contexts are sent. Follows no links. */
export function pathsIn(root: string, folder = ""): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return [path, ...(entry.isDirectory() ? pathsIn(root, path) : [])];
    });
}
