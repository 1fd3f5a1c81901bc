import assert from "node:assert/strict";
import fc from "fast-check";
import { summarize } from "./contextDigest";
import { ContextTable, ENTRY_KIND, type EntryKind, type TableData, type TableRow } from "./ContextTable";
import { decodeCounting } from "./decodeEntries";
import { packTable } from "./packTable";

const text = fc.string({ unit: fc.constantFrom("a", "/", "\u0000", "\u0001", "é", "\u{1F680}"), maxLength: 4 });
const hash = fc.constantFrom(1, 2).map((byte) => new Uint8Array(32).fill(byte));
const row: fc.Arbitrary<TableRow> = fc
  .record({
    kind: fc.constantFrom<EntryKind>(1, 2, 3, 4),
    path: text,
    mode: fc.constantFrom(0, 0o644, 0o7777),
    size: fc.constantFrom(0, 1, 97),
    mtimeMs: fc.constantFrom(1, 2),
    counts: fc.constantFrom(true, true, false),
    hash,
    target: text,
  })
  .map(({ hash: content, target, ...rest }) => ({
    ...rest,
    size: rest.kind === ENTRY_KIND.file ? rest.size : 0,
    hash: rest.kind === ENTRY_KIND.file ? content : undefined,
    target: rest.kind === ENTRY_KIND.symlink ? target : undefined,
    mode: rest.kind === ENTRY_KIND.symlink ? 0 : rest.mode,
    ctimeMs: 1,
    ino: 1,
    trusted: false,
  }));

function tableOf(rows: readonly TableRow[]): TableData {
  const table = new ContextTable();
  for (const each of rows) {
    table.push(each);
  }
  return table.data();
}

describe("summarize", () => {
  it("has the same digest exactly for the same entries that count, whatever their times", async () => {
    const rows = fc.array(row, { maxLength: 4 });
    const meaning = async (data: TableData): Promise<string> =>
      JSON.stringify((await decodeCounting(packTable(data))).map((entry) => ({ ...entry, size: 0 })));
    await fc.assert(
      fc.asyncProperty(rows, rows, async (some, others) => {
        const [a, b] = [tableOf(some), tableOf(others)];
        assert.equal(summarize(a).digest === summarize(b).digest, (await meaning(a)) === (await meaning(b)));
        const later = some.map((each) => ({ ...each, mtimeMs: 9, trusted: true }));
        assert.equal(summarize(tableOf(later)).digest, summarize(a).digest);
      }),
      { numRuns: 500 },
    );
  });

  it("tells how much counts", () => {
    const common = { mode: 0o644, mtimeMs: 1, ctimeMs: 1, ino: 1, trusted: false, hash: new Uint8Array(32) };
    const file = { ...common, kind: ENTRY_KIND.file };
    const { count, bytes } = summarize(
      tableOf([
        { ...file, path: "a", size: 3, counts: true },
        { ...file, path: "b", size: 2 ** 40, counts: true },
        { ...file, path: "c", size: 5, counts: false },
      ]),
    );
    assert.deepEqual([count, bytes], [2, 2 ** 40 + 3]);
  });

  it("takes many entries, and paths longer than what is hashed at once", async () => {
    const rows = Array.from({ length: 3_000 }, (_, index): TableRow => ({
      kind: ENTRY_KIND.symlink,
      path: `${"x".repeat(index === 7 ? 300_000 : 50)}${String(index)}`,
      mode: 0,
      size: 0,
      mtimeMs: 1,
      ctimeMs: 1,
      ino: 1,
      target: "é",
      counts: true,
      trusted: false,
    }));
    const data = tableOf(rows);
    assert.equal(summarize(data).count, 3_000);
    assert.equal((await decodeCounting(packTable(data))).at(-1)?.path, rows.at(-1)?.path);
    const changed = rows.map((each, index) => (index === 2_999 ? { ...each, target: "e" } : each));
    assert.notEqual(summarize(tableOf(changed)).digest, summarize(data).digest);
  });

  it("stays what it was: images of earlier versions count as fresh", () => {
    const common = { mtimeMs: 1, ctimeMs: 1, ino: 1, trusted: false, counts: true };
    const data = tableOf([
      { ...common, kind: ENTRY_KIND.directory, path: "d", mode: 0o755, size: 0 },
      { ...common, kind: ENTRY_KIND.file, path: "d/é", mode: 0o644, size: 3, hash: new Uint8Array(32).fill(7) },
      { ...common, kind: ENTRY_KIND.symlink, path: "l", mode: 0, size: 0, target: "d/é" },
      { ...common, kind: ENTRY_KIND.fifo, path: "p", mode: 0o600, size: 0 },
    ]);
    assert.equal(
      summarize(data).digest,
      "c2c8d8209951026f6bdec733ba6bc43f649716502c1fdcc0171863a9e93708f1",
      "Raise FORMAT_VERSION and DIGEST_FORMAT with any change of the encoding.",
    );
  });
});
