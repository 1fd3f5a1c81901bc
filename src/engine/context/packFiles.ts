import { pack } from "tar-stream";
import type { PackedFile } from "../../core/network/PackFiles";

/** See PackFiles. The folders on the way are not in it: engines make those that are not there, and leave the others. */
export function packFiles(files: readonly PackedFile[]): AsyncIterable<Uint8Array> {
  const tar = pack();
  for (const { path, content } of files) {
    tar.entry({ name: path, mode: 0o644, uid: 0, gid: 0 }, Buffer.from(content));
  }
  tar.finalize();
  return tar as AsyncIterable<Uint8Array>;
}
