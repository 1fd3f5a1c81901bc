import type { ContextEntry, SentEntry } from "../../ports/BuildContext";
import { TimeSlices } from "../../TimeSlices";
import { countsAt, ENTRY_KIND, hashAt, kindAt } from "./ContextTable";
import type { PackedTable } from "./packTable";

/** All entries of a table, made a few at a time. */
export async function decodeSent(table: PackedTable): Promise<readonly SentEntry[]> {
  return decode(table, (index, path) => sentEntryAt(table, index, path));
}

/** The entries of a table that count, made a few at a time. */
export async function decodeCounting(table: PackedTable): Promise<readonly ContextEntry[]> {
  return decode(table, (index, path) => (countsAt(table, index) ? entryAt(table, index, path) : undefined));
}

async function decode<T>(
  { count, text, lengths }: PackedTable,
  entryOf: (index: number, path: string) => T | undefined,
): Promise<readonly T[]> {
  const entries: T[] = [];
  const paths = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf8");
  const slices = new TimeSlices();
  let start = 0;
  for (let index = 0; index < count; index++) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    const end = start + (lengths[index] ?? 0);
    const entry = entryOf(index, paths.slice(start, end));
    start = end;
    if (entry !== undefined) {
      entries.push(entry);
    }
  }
  return entries;
}

/** Written out, since copying an object to add a field takes several times as long as making it. */
function sentEntryAt(table: PackedTable, index: number, path: string): SentEntry {
  const mode = table.modes[index] ?? 0;
  const mtimeMs = table.mtimes[index] ?? 0;
  switch (kindAt(table, index)) {
    case ENTRY_KIND.file:
      return { kind: "file", path, mode, size: table.sizes[index] ?? 0, sha256: sha256At(table, index), mtimeMs };
    case ENTRY_KIND.directory:
      return { kind: "directory", path, mode, mtimeMs };
    case ENTRY_KIND.symlink:
      return { kind: "symlink", path, target: table.targets.get(index) ?? "", mtimeMs };
    case ENTRY_KIND.fifo:
      return { kind: "fifo", path, mode, mtimeMs };
  }
}

function entryAt(table: PackedTable, index: number, path: string): ContextEntry {
  const mode = table.modes[index] ?? 0;
  switch (kindAt(table, index)) {
    case ENTRY_KIND.file:
      return { kind: "file", path, mode, size: table.sizes[index] ?? 0, sha256: sha256At(table, index) };
    case ENTRY_KIND.directory:
      return { kind: "directory", path, mode };
    case ENTRY_KIND.symlink:
      return { kind: "symlink", path, target: table.targets.get(index) ?? "" };
    case ENTRY_KIND.fifo:
      return { kind: "fifo", path, mode };
  }
}

function sha256At(table: PackedTable, index: number): string {
  const hash = hashAt(table, index);
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("hex");
}
