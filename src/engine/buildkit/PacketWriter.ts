/** The bits of a varint that are in one byte. */
const PER_BYTE = 7;
const MORE = 0x80;
const TWO_32 = 2 ** 32;
/** A tag and a varint of 64 bits. */
const MOST_FIELD_BYTES = 11;

/**
 * Writes fields of a protobuf message one after the other, leaving out those that are zero or empty as proto3 does. A
 * context has tens of thousands of packets, and this takes a tenth of the time of a library that reads a schema.
 */
export class PacketWriter {
  private readonly bytes: Buffer;
  private length = 0;

  /** @param fields how many numbers and lengths are written at most; @param extra the bytes of strings and contents. */
  constructor(fields: number, extra: number) {
    this.bytes = Buffer.allocUnsafe(fields * MOST_FIELD_BYTES + extra);
  }

  /** @param value an integer from 0 to 2 ** 53 - 1. */
  number(field: number, value: number): void {
    if (value !== 0) {
      this.tag(field, 0);
      this.varint(value % TWO_32, Math.floor(value / TWO_32));
    }
  }

  /** A signed integer of 64 bits. */
  int64(field: number, value: bigint): void {
    if (value !== 0n) {
      this.tag(field, 0);
      this.varint(Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n)));
    }
  }

  /** @param byteLength of `value` in UTF-8. */
  string(field: number, value: string, byteLength: number): void {
    if (byteLength > 0) {
      this.lengthOf(field, byteLength);
      this.length += this.bytes.write(value, this.length);
    }
  }

  content(field: number, value: Uint8Array): void {
    if (value.length > 0) {
      this.lengthOf(field, value.length);
      this.bytes.set(value, this.length);
      this.length += value.length;
    }
  }

  /** A message in this one; it is written even when it is empty. */
  message(field: number, encoded: Uint8Array): void {
    this.lengthOf(field, encoded.length);
    this.bytes.set(encoded, this.length);
    this.length += encoded.length;
  }

  finish(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private tag(field: number, wireType: number): void {
    this.bytes[this.length++] = field * 8 + wireType;
  }

  private lengthOf(field: number, length: number): void {
    this.tag(field, 2);
    this.varint(length, 0);
  }

  /** Both halves are unsigned and of 32 bits. */
  private varint(low: number, high: number): void {
    while (high > 0 || low >= MORE) {
      this.bytes[this.length++] = (low & (MORE - 1)) | MORE;
      low = ((low >>> PER_BYTE) | (high << (32 - PER_BYTE))) >>> 0;
      high >>>= PER_BYTE;
    }
    this.bytes[this.length++] = low;
  }
}
