import assert from "node:assert/strict";
import fc from "fast-check";
import { Root } from "protobufjs/light";
import { decodePacket, encodePacket, GO_MODE, type Packet } from "./fsutilPacket";

const record = <T>(model: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });
/** Small ones are written in fewer bytes, and read in another way. */
const id = fc.oneof(fc.nat(300), fc.nat(2 ** 28 + 1), fc.nat(2 ** 32 - 1));
/** Lengths of 128 and more are written in more than one byte. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ minLength: 100, maxLength: 140 }),
  fc.nat(20_000).map((length) => "ä".repeat(length)),
);
const packets: fc.Arbitrary<Packet> = fc.oneof(
  record({
    type: fc.constant("stat" as const),
    stat: record({
      path: text,
      mode: fc.nat(2 ** 32 - 1),
      size: fc.maxSafeNat(),
      modTime: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      linkname: text,
    }),
  }),
  fc.constant<Packet>({ type: "stat" }),
  record({ type: fc.constant("request" as const), id }),
  record({ type: fc.constant("data" as const), id, data: fc.uint8Array().map((bytes) => Buffer.from(bytes)) }),
  fc.constant<Packet>({ type: "fin" }),
  record({ type: fc.constant("error" as const), message: text }),
);

describe("fsutilPacket", () => {
  // The first one: what is written needs more and more room.
  it("reads back texts of every length, and with the first and last letters of each number of bytes", () => {
    const texts = [
      ...Array.from({ length: 300 }, (_, length) => "x".repeat(length)),
      ...Array.from({ length: 300 }, (_, index) => "\u0080".repeat(40 * index)),
      ...["\u007f", "\u0080", "\u07ff", "\u0800", "\uffff", "\u{10000}"],
    ];
    for (const path of texts) {
      const packet: Packet = { type: "stat", stat: { path, mode: 1, size: 0, modTime: 0n, linkname: path } };
      assert.deepEqual(decodePacket(encodePacket(packet)), packet);
    }
  });

  it("reads back what it has written, whatever it is", () => {
    fc.assert(
      fc.property(packets, (packet) => {
        assert.deepEqual(decodePacket(encodePacket(packet)), packet);
      }),
    );
  });

  it("writes what a protobuf library writes", () => {
    const nested = {
      Stat: {
        fields: {
          path: { type: "string", id: 1 },
          mode: { type: "uint32", id: 2 },
          size: { type: "int64", id: 5 },
          modTime: { type: "int64", id: 6 },
          linkname: { type: "string", id: 7 },
        },
      },
      Packet: {
        fields: {
          type: { type: "int32", id: 1 },
          stat: { type: "Stat", id: 2 },
          ID: { type: "uint32", id: 3 },
          data: { type: "bytes", id: 4 },
        },
      },
    };
    const library = Root.fromJSON({ nested }).lookupType("Packet");
    const types = ["stat", "request", "data", "fin", "error"];
    const halves = (value: bigint): object => ({
      low: Number(BigInt.asIntN(32, value)),
      high: Number(BigInt.asIntN(32, value >> 32n)),
      unsigned: false,
    });
    fc.assert(
      fc.property(packets, (packet) => {
        const type = types.indexOf(packet.type);
        const stat = packet.type === "stat" ? packet.stat : undefined;
        const message = {
          type,
          ...(stat && { stat: { ...stat, size: halves(BigInt(stat.size)), modTime: halves(stat.modTime) } }),
          ...("id" in packet && { ID: packet.id }),
          ...("data" in packet && { data: packet.data }),
          ...("message" in packet && { data: Buffer.from(packet.message) }),
        };
        assert.equal(
          encodePacket(packet).toString("hex"),
          Buffer.from(library.encode(message).finish()).toString("hex"),
        );
      }),
    );
  });

  it("writes the bytes that fsutil reads", () => {
    const stat = {
      path: "a",
      mode: GO_MODE.directory + 0o755,
      size: 1,
      modTime: 1_000_000_000_000_000_001n,
      linkname: "b",
    };
    const fields = ["0a0161", "10ed83808008", "2801", "30818090bbbad6adf00d", "3a0162"].join("");
    assert.equal(encodePacket({ type: "stat", stat }).toString("hex"), `1218${fields}`);
    assert.equal(encodePacket({ type: "stat" }).toString("hex"), "");
    assert.equal(encodePacket({ type: "data", id: 3, data: Buffer.from("hi") }).toString("hex"), "0802180322026869");
    assert.equal(encodePacket({ type: "data", id: 3, data: Buffer.alloc(0) }).toString("hex"), "08021803");
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
