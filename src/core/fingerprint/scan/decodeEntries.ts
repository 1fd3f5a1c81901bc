import type { ContextEntry, SentEntry } from "../../ports/BuildContext";
import { TimeSlices } from "../../TimeSlices";
import { countsAt, ENTRY_KIND, hashAt, kindAt } from "./ContextTable";
import type { UnpackedTable } from "./packTable";

/** All entries of a table, made a few at a time. */
export async function decodeSent(data: UnpackedTable): Promise<readonly SentEntry[]> {
  return decode(data, (index) => ({ ...entryAt(data, index), mtimeMs: data.mtimes[index] ?? 0 }));
}

/** The entries of a table that count, made a few at a time. */
export async function decodeCounting(data: UnpackedTable): Promise<readonly ContextEntry[]> {
  return decode(data, (index) => (countsAt(data, index) ? entryAt(data, index) : undefined));
}

async function decode<T>({ count }: UnpackedTable, entryOf: (index: number) => T | undefined): Promise<readonly T[]> {
  const entries: T[] = [];
  const slices = new TimeSlices();
  for (let index = 0; index < count; index++) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    const entry = entryOf(index);
    if (entry !== undefined) {
      entries.push(entry);
    }
  }
  return entries;
}

function entryAt(data: UnpackedTable, index: number): ContextEntry {
  const path = data.paths[index] ?? "";
  const mode = data.modes[index] ?? 0;
  switch (kindAt(data, index)) {
    case ENTRY_KIND.file: {
      const sha256 = Buffer.from(hashAt(data, index)).toString("hex");
      return { kind: "file", path, mode, size: data.sizes[index] ?? 0, sha256 };
    }
    case ENTRY_KIND.directory:
      return { kind: "directory", path, mode };
    case ENTRY_KIND.symlink:
      return { kind: "symlink", path, target: data.targets.get(index) ?? "" };
    case ENTRY_KIND.fifo:
      return { kind: "fifo", path, mode };
  }
}
