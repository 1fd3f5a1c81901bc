import { createHash } from "node:crypto";
import { countsAt, ENTRY_KIND, HASH_BYTES, kindAt, type TableData } from "./ContextTable";

/** What each digest begins with; raised with the fingerprint's own version. */
export const DIGEST_FORMAT = "slipway context 2\n";
const BATCH_BYTES = 1 << 16;
/** Kind, mode and the length of the path. */
const HEAD_BYTES = 1 + 2 + 4;
/** Of one UTF-16 unit in UTF-8, at most. */
const UNIT_BYTES = 3;

/** What counts in a context: how much it is, and a digest that is another one as soon as any of it changes. */
export interface ContextSummary {
  /** SHA-256 in lower-case hexadecimal. */
  readonly digest: string;
  readonly count: number;
  /** Of all files together. */
  readonly bytes: number;
}

/**
 * For each entry that counts, in canonical order: one byte for its kind, its mode (16 bits) and the length of its path
 * (32 bits, both with the highest byte first), the path in UTF-8, then the 32 bytes of a file's content hash, or a
 * link's target in UTF-8 after its length. So no two contexts are the same bytes.
 */
export function summarize(data: TableData): ContextSummary {
  const hash = createHash("sha256").update(DIGEST_FORMAT);
  let buffer = Buffer.allocUnsafe(2 * BATCH_BYTES);
  let end = 0;
  let count = 0;
  let bytes = 0;
  for (let index = 0; index < data.count; index++) {
    if (!countsAt(data, index)) {
      continue;
    }
    const path = data.paths[index] ?? "";
    const target = data.targets.get(index);
    const room = HEAD_BYTES + path.length * UNIT_BYTES + 4 + HASH_BYTES + (target?.length ?? 0) * UNIT_BYTES;
    if (end + room > buffer.length) {
      hash.update(buffer.subarray(0, end));
      end = 0;
      buffer = room > buffer.length ? Buffer.allocUnsafe(room) : buffer;
    }
    const kind = kindAt(data, index);
    buffer[end] = kind;
    end = buffer.writeUInt16BE(data.modes[index] ?? 0, end + 1);
    end = writeText(buffer, path, end);
    if (kind === ENTRY_KIND.file) {
      buffer.set(data.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES), end);
      end += HASH_BYTES;
    } else if (target !== undefined) {
      end = writeText(buffer, target, end);
    }
    count++;
    bytes += data.sizes[index] ?? 0;
  }
  return { digest: hash.update(buffer.subarray(0, end)).digest("hex"), count, bytes };
}

function writeText(buffer: Buffer, text: string, offset: number): number {
  const length = buffer.write(text, offset + 4, "utf8");
  buffer.writeUInt32BE(length, offset);
  return offset + 4 + length;
}
