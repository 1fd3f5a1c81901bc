import { TextEncoder } from "node:util";
import type { TableData } from "./ContextTable";

/** What somebody needs of a table who wants the entries, in arrays that can change their owner, which takes no time. */
export interface PackedTable extends Pick<
  TableData,
  "count" | "flags" | "modes" | "sizes" | "mtimes" | "hashes" | "targets"
> {
  /** All paths, in UTF-8, one after the other. */
  readonly text: Uint8Array;
  /** Of each path, in UTF-16 units. */
  readonly lengths: Uint32Array;
}

/** A copy of the table. */
export function packTable(data: TableData): PackedTable {
  const { count, targets, paths } = data;
  return {
    count,
    flags: data.flags.slice(),
    modes: data.modes.slice(),
    sizes: data.sizes.slice(),
    mtimes: data.mtimes.slice(),
    hashes: data.hashes.slice(),
    targets,
    text: new TextEncoder().encode(paths.join("")),
    lengths: Uint32Array.from(paths, ({ length }) => length),
  };
}

/** What of a packed table changes its owner when it is sent to another thread. */
export function transferOf(table: PackedTable): readonly ArrayBuffer[] {
  const { flags, modes, sizes, mtimes, hashes, text, lengths } = table;
  return [flags, modes, sizes, mtimes, hashes, text, lengths].map(({ buffer }) => buffer as ArrayBuffer);
}
