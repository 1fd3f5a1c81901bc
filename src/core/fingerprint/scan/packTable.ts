import type { TableData } from "./ContextTable";
import type { PackedTable } from "./workerMessages";

/** @returns the table, and what of it is to change its owner. The original stays whole. */
export function packTable(data: TableData): { readonly table: PackedTable; readonly transfer: readonly ArrayBuffer[] } {
  const { count, targets, paths } = data;
  const encoded = new TextEncoder().encode(paths.join(""));
  const table = {
    count,
    flags: data.flags.slice(),
    modes: data.modes.slice(),
    sizes: data.sizes.slice(),
    mtimes: data.mtimes.slice(),
    hashes: data.hashes.slice(),
    text: encoded,
    lengths: Uint32Array.from(paths, ({ length }) => length),
    targets,
  };
  const { flags, modes, sizes, mtimes, hashes, text, lengths } = table;
  return { table, transfer: [flags, modes, sizes, mtimes, hashes, text, lengths].map(({ buffer }) => buffer) };
}

/** What decodeEntries needs of a table. */
export type UnpackedTable = Omit<TableData, "ctimes" | "inodes">;

export function unpackTable({ text, lengths, ...table }: PackedTable): UnpackedTable {
  const all = new TextDecoder("utf-8", { ignoreBOM: true }).decode(text);
  let start = 0;
  const paths = Array.from(lengths, (length) => all.slice(start, (start += length)));
  return { ...table, paths };
}
