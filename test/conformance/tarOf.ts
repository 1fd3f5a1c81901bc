import { extract, pack, type Header } from "tar-stream";

export interface TarEntry {
  readonly name: string;
  readonly type: "file" | "directory" | "symlink" | "fifo";
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly content?: Uint8Array | string;
  readonly target?: string;
}

export async function* tarOf(entries: readonly TarEntry[]): AsyncGenerator<Uint8Array> {
  const tar = pack();
  for (const { name, type, mode, uid = 0, gid = 0, content, target } of entries) {
    const header: Partial<Header> & { readonly name: string } = {
      ...{ name, type, uid, gid, mode: mode ?? (type === "directory" ? 0o755 : 0o644) },
      ...(target === undefined ? {} : { linkname: target }),
    };
    if (type === "file") {
      tar.entry(header, Buffer.from(content ?? ""));
    } else {
      tar.entry(header);
    }
  }
  tar.finalize();
  yield* tar as AsyncIterable<Buffer>;
}

/** The entries of a tar by their names, without the slash that folders' names end in. */
export async function readTar(tar: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, TarEntry>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) {
    chunks.push(chunk);
  }
  const reader = extract();
  reader.end(Buffer.concat(chunks));
  const entries = new Map<string, TarEntry>();
  for await (const entry of reader) {
    const content: Uint8Array[] = [];
    for await (const chunk of entry as AsyncIterable<Uint8Array>) {
      content.push(chunk);
    }
    const { type, mode, uid, gid, linkname } = entry.header;
    const name = entry.header.name.replace(/\/+$/, "");
    entries.set(name, {
      ...{ name, mode: mode & 0o7777, uid, gid },
      ...{ type: type as TarEntry["type"], content: Buffer.concat(content) },
      ...(type === "symlink" ? { target: linkname } : {}),
    });
  }
  return entries;
}
