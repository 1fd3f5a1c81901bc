import type { IgnoreMatcher } from "../../src/core/dockerignore/IgnoreMatcher";
import { ContextTable } from "../../src/core/fingerprint/scan/ContextTable";
import { decodeCounting } from "../../src/core/fingerprint/scan/decodeEntries";
import { EntryReader } from "../../src/core/fingerprint/scan/EntryReader";
import { FILE_CALLS } from "../../src/core/fingerprint/scan/FileCalls";
import { FileHasher } from "../../src/core/fingerprint/scan/FileHasher";
import { packTable } from "../../src/core/fingerprint/scan/packTable";
import { walkContext } from "../../src/core/fingerprint/scan/walkContext";
import type { ContextEntry } from "../../src/core/ports/BuildContext";

export interface ScanContextOptions {
  readonly root: string;
  readonly ignore: IgnoreMatcher;
}

/** All entries of a context that are not ignored, read in this thread and without a cache. */
export async function scanContext({ root, ignore }: ScanContextOptions): Promise<readonly ContextEntry[]> {
  const checkpoint = (): void => undefined;
  const reader = new EntryReader(FILE_CALLS, new FileHasher(FILE_CALLS, checkpoint), undefined);
  const table = new ContextTable();
  const selection = { placeOf: () => "counts" as const, mayContain: () => true };
  walkContext({ root, ignore, selection, reader, checkpoint }, table);
  return decodeCounting(packTable(table.data()));
}
