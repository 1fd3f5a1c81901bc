import assert from "node:assert/strict";
import fc from "fast-check";
import { decodePacket, encodePacket, GO_MODE, type Packet } from "./fsutilPacket";

const id = fc.nat(2 ** 32 - 1);
const packets: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    type: fc.constant("stat" as const),
    stat: fc.record({
      path: fc.string({ unit: "grapheme" }),
      mode: fc.nat(2 ** 32 - 1),
      size: fc.maxSafeNat(),
      modTime: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      linkname: fc.string({ unit: "grapheme" }),
    }),
  }),
  fc.constant<Packet>({ type: "stat" }),
  fc.record({ type: fc.constant("request" as const), id }),
  fc.record({ type: fc.constant("data" as const), id, data: fc.uint8Array().map((bytes) => Buffer.from(bytes)) }),
  fc.constant<Packet>({ type: "fin" }),
  fc.record({ type: fc.constant("error" as const), message: fc.string({ unit: "grapheme" }) }),
);

describe("fsutilPacket", () => {
  it("reads back what it has written, whatever it is", () => {
    fc.assert(
      fc.property(packets, (packet) => {
        assert.deepEqual(decodePacket(encodePacket(packet)), packet);
      }),
    );
  });

  it("writes the bytes that fsutil reads", () => {
    const stat = {
      path: "a",
      mode: GO_MODE.directory + 0o755,
      size: 0,
      modTime: 1_000_000_000_000_000_001n,
      linkname: "",
    };
    const fields =
      "0a0161" +
      "10ed83808008" +
      "1800" +
      "2000" +
      "2800" +
      "308180a0d9c6b8d6f00d".replace("8180a0d9c6b8d6f00d", varint(stat.modTime)) +
      "3a00";
    assert.equal(encodePacket({ type: "stat", stat }).toString("hex"), `0800${"12"}${hex(fields.length / 2)}${fields}`);
    assert.equal(encodePacket({ type: "stat" }).toString("hex"), "0800");
    assert.equal(encodePacket({ type: "data", id: 3, data: Buffer.from("hi") }).toString("hex"), "0802180322026869");
    assert.equal(encodePacket({ type: "data", id: 3, data: Buffer.alloc(0) }).toString("hex"), "080218032200");
    assert.equal(encodePacket({ type: "fin" }).toString("hex"), "0803");
  });

  it("reads what fsutil writes, where zeros are left out", () => {
    assert.deepEqual(decodePacket(Buffer.from("0801", "hex")), { type: "request", id: 0 });
    assert.deepEqual(decodePacket(Buffer.from("08011807", "hex")), { type: "request", id: 7 });
    assert.deepEqual(decodePacket(Buffer.alloc(0)), { type: "stat" });
    assert.deepEqual(decodePacket(Buffer.from("0803", "hex")), { type: "fin" });
  });

  it("refuses what is something else", () => {
    assert.throws(() => decodePacket(Buffer.from("0809", "hex")), /no packet of type 9/);
    assert.throws(() => decodePacket(Buffer.from("ffff", "hex")));
  });
});

function varint(value: bigint): string {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) {
      bytes.push(Number(rest));
      return Buffer.from(bytes).toString("hex");
    }
    bytes.push(Number(rest & 127n) | 128);
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
