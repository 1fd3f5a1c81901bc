import assert from "node:assert/strict";
import fc from "fast-check";
import { decodePacket, encodePacket, GO_MODE, type Packet } from "./fsutilPacket";

const record = <T>(model: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });
const id = fc.nat(2 ** 32 - 1);
const packets: fc.Arbitrary<Packet> = fc.oneof(
  record({
    type: fc.constant("stat" as const),
    stat: record({
      path: fc.string({ unit: "grapheme" }),
      mode: fc.nat(2 ** 32 - 1),
      size: fc.maxSafeNat(),
      modTime: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      linkname: fc.string({ unit: "grapheme" }),
    }),
  }),
  fc.constant<Packet>({ type: "stat" }),
  record({ type: fc.constant("request" as const), id }),
  record({ type: fc.constant("data" as const), id, data: fc.uint8Array().map((bytes) => Buffer.from(bytes)) }),
  fc.constant<Packet>({ type: "fin" }),
  record({ type: fc.constant("error" as const), message: fc.string({ unit: "grapheme" }) }),
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
