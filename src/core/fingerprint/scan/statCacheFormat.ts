import { createHash } from "node:crypto";
import type { ContextSummary } from "./contextDigest";
import { ENTRY_KIND, HASH_BYTES, kindAt, type TableData } from "./ContextTable";

/** "SLPC" on a machine that has the lowest byte first; another machine's file has it the other way round. */
const MAGIC = 0x43504c53;
/** Raised whenever the layout or the meaning of a field changes. */
const VERSION = 2;
/** Magic, version, number of entries, of these how many are listed, bytes of the text; unused. */
const NUMBERS = 6;
/** The proof's device, count and bytes. */
const DOUBLES = 3;
const DIGEST_BYTES = 32;
const HEADER_BYTES = NUMBERS * 4 + DOUBLES * 8 + 2 * DIGEST_BYTES;
const CHECKSUM_BYTES = 32;
const PATHS_AT_ONCE = 4_096;
/** Size, times and inode; end of the path; mode; kind and flags; hash. */
const ROW_BYTES = 4 * 8 + 4 + 2 + 1 + HASH_BYTES;

/** What stands for a whole scan as long as nothing differs from what it looked at. */
export interface ScanProof {
  /** What the scan was about; see scanKey. */
  readonly key: string;
  /** The file system (st_dev) of all folders that the scan read. */
  readonly device: number;
  readonly summary: ContextSummary;
}

/** What an earlier scan has looked at, in columns; see ContextTable. */
export interface RecordedEntries extends Omit<TableData, "paths"> {
  /** The first of them: what the scan has listed, in canonical order. What follows it only looked at; see Witness. */
  readonly listed: number;
  readonly pathAt: (index: number) => string;
}

export interface StatCacheContent {
  readonly entries: RecordedEntries;
  /** Undefined where only the single entries are of use. */
  readonly proof: ScanProof | undefined;
}

/**
 * A scan as bytes: a header, one column after the other, the paths and then the targets of links, and SHA-256 over all of
 * it. Columns of numbers need no parsing, so 20,000 files are read in a few milliseconds.
 *
 * @param looked what the scan has looked at besides what it lists.
 */
export function encodeStatCache(listed: TableData, looked: TableData, proof: ScanProof | undefined): Uint8Array {
  const count = listed.count + looked.count;
  let textBytes = 0;
  for (const text of textsOf(listed, looked)) {
    textBytes += Buffer.byteLength(text);
  }
  const bytes = Buffer.alloc(HEADER_BYTES + count * ROW_BYTES + textBytes + CHECKSUM_BYTES);
  const { numbers, doubles, key, digest } = headerOf(bytes);
  numbers.set([MAGIC, VERSION, count, listed.count, textBytes]);
  if (proof !== undefined) {
    doubles.set([proof.device, proof.summary.count, proof.summary.bytes]);
    key.set(Buffer.from(proof.key, "hex"));
    digest.set(Buffer.from(proof.summary.digest, "hex"));
  }
  const columns = columnsOf(bytes, count);
  const parts = [
    [listed, 0],
    [looked, listed.count],
  ] as const;
  for (const [data, start] of parts) {
    columns.sizes.set(data.sizes, start);
    columns.mtimes.set(data.mtimes, start);
    columns.ctimes.set(data.ctimes, start);
    columns.inodes.set(data.inodes, start);
    columns.modes.set(data.modes, start);
    columns.flags.set(data.flags, start);
    columns.hashes.set(data.hashes, start * HASH_BYTES);
  }
  let end = 0;
  for (const [data, start] of parts) {
    data.paths.forEach((path, index) => {
      end += path.length;
      columns.ends[start + index] = end;
    });
  }
  let offset = bytes.length - CHECKSUM_BYTES - textBytes;
  for (const text of textsOf(listed, looked)) {
    offset += bytes.write(text, offset);
  }
  bytes.set(checksum(bytes), bytes.length - CHECKSUM_BYTES);
  return bytes;
}

/** @returns undefined for whatever encodeStatCache of this version and on this kind of machine has not made. */
export function decodeStatCache(bytes: Uint8Array): StatCacheContent | undefined {
  const entries = viewStatCache(bytes);
  if (entries === undefined || !checksum(bytes).equals(bytes.subarray(-CHECKSUM_BYTES))) {
    return undefined;
  }
  const header = headerOf(bytes);
  const [key, digest] = [hex(header.key), hex(header.digest)];
  const [device = 0, count = 0, size = 0] = header.doubles;
  const hasProof = header.key.some((byte) => byte !== 0);
  return { entries, proof: hasProof ? { key, device, summary: { digest, count, bytes: size } } : undefined };
}

/** The entries in bytes that were decoded before, without checking them again. Nothing is copied. */
export function viewStatCache(bytes: Uint8Array): RecordedEntries | undefined {
  // Columns of doubles must begin at a multiple of 8.
  if (bytes.byteOffset % 8 !== 0 || bytes.length < HEADER_BYTES + CHECKSUM_BYTES) {
    return undefined;
  }
  const [magic, version, count = 0, listed = 0, textBytes = 0] = headerOf(bytes).numbers;
  const expected = HEADER_BYTES + count * ROW_BYTES + textBytes + CHECKSUM_BYTES;
  if (magic !== MAGIC || version !== VERSION || bytes.length !== expected) {
    return undefined;
  }
  const { ends, ...columns } = columnsOf(bytes, count);
  const start = bytes.byteOffset + bytes.length - CHECKSUM_BYTES - textBytes;
  const text = Buffer.from(bytes.buffer, start, textBytes).toString("utf8");
  const endAt = (index: number): number => ends[index] ?? 0;
  const links = text.slice(endAt(count - 1)).split("\0");
  const targets = new Map<number, string>();
  for (let index = 0; index < count; index++) {
    if (kindAt(columns, index) === ENTRY_KIND.symlink) {
      targets.set(index, links[targets.size] ?? "");
    }
  }
  return {
    ...columns,
    count,
    listed,
    targets,
    pathAt: (index) => text.slice(index === 0 ? 0 : endAt(index - 1), endAt(index)),
  };
}

/** All paths, then all targets of links; not in one piece, which would take as much memory once more. */
function* textsOf(listed: TableData, looked: TableData): Generator<string> {
  for (const { paths } of [listed, looked]) {
    for (let start = 0; start < paths.length; start += PATHS_AT_ONCE) {
      yield paths.slice(start, start + PATHS_AT_ONCE).join("");
    }
  }
  yield [...linksIn(listed), ...linksIn(looked)].join("\0");
}

function linksIn(data: TableData): readonly string[] {
  return Array.from({ length: data.count }, (_, index) => index)
    .filter((index) => kindAt(data, index) === ENTRY_KIND.symlink)
    .map((index) => data.targets.get(index) ?? "");
}

function headerOf({ buffer, byteOffset }: Uint8Array) {
  const digests = byteOffset + NUMBERS * 4 + DOUBLES * 8;
  return {
    numbers: new Uint32Array(buffer, byteOffset, NUMBERS),
    doubles: new Float64Array(buffer, byteOffset + NUMBERS * 4, DOUBLES),
    key: new Uint8Array(buffer, digests, DIGEST_BYTES),
    digest: new Uint8Array(buffer, digests + DIGEST_BYTES, DIGEST_BYTES),
  };
}

/** Views of the columns, the widest first. */
function columnsOf({ buffer, byteOffset }: Uint8Array, count: number) {
  let offset = byteOffset + HEADER_BYTES;
  const next = (width: number): number => {
    const start = offset;
    offset += width * count;
    return start;
  };
  return {
    sizes: new Float64Array(buffer, next(8), count),
    mtimes: new Float64Array(buffer, next(8), count),
    ctimes: new Float64Array(buffer, next(8), count),
    inodes: new Float64Array(buffer, next(8), count),
    /** Of the paths in the text, in UTF-16 units. */
    ends: new Uint32Array(buffer, next(4), count),
    modes: new Uint16Array(buffer, next(2), count),
    flags: new Uint8Array(buffer, next(1), count),
    hashes: new Uint8Array(buffer, next(HASH_BYTES), count * HASH_BYTES),
  };
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes.subarray(0, -CHECKSUM_BYTES)).digest();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
