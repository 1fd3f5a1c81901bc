import { Root, type Type } from "protobufjs/light";
import { z } from "zod";
import { PacketWriter } from "./PacketWriter";

/** fsutil.types.Packet and Stat (tonistiigi/fsutil, types/wire.proto and types/stat.proto), as far as Slipway uses them. */
const proto = {
  nested: {
    Stat: {
      fields: {
        path: { type: "string", id: 1 },
        mode: { type: "uint32", id: 2 },
        uid: { type: "uint32", id: 3 },
        gid: { type: "uint32", id: 4 },
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
  },
} as const;

/** The kind bits of Go's os.FileMode, which is what travels as a Stat's mode; a regular file has none of them. */
export const GO_MODE = {
  directory: 2 ** 31,
  symlink: 2 ** 27,
  fifo: 2 ** 25,
  setuid: 2 ** 23,
  setgid: 2 ** 22,
  sticky: 2 ** 20,
} as const;

/** An entry as BuildKit is told of it. The owner is always root: BuildKit's own client resets it to that, too. */
export interface FileStat {
  /** Relative, with "/" between names. */
  readonly path: string;
  /** Permission bits and those of GO_MODE. */
  readonly mode: number;
  /** In bytes; of a symlink, the length of its target. */
  readonly size: number;
  /** In nanoseconds since 1970. */
  readonly modTime: bigint;
  /** A symlink's target, else "". */
  readonly linkname: string;
}

/** The messages of FileSync.DiffCopy, in both directions. */
export type Packet =
  /** One entry; without one, the end of the list. */
  | { readonly type: "stat"; readonly stat?: FileStat }
  /** Asks for the content of the entry with this place in the list, from 0. */
  | { readonly type: "request"; readonly id: number }
  /** A piece of a content; an empty one is its end. */
  | { readonly type: "data"; readonly id: number; readonly data: Uint8Array }
  | { readonly type: "fin" }
  | { readonly type: "error"; readonly message: string };

const TYPE = { stat: 0, request: 1, data: 2, fin: 3, error: 4 } as const satisfies Record<Packet["type"], number>;

const int64 = z.union([
  z.number().transform(BigInt),
  z
    .object({ low: z.number(), high: z.number() })
    .transform(({ low, high }) => (BigInt(high) << 32n) | BigInt(low >>> 0)),
]);
const statShape = z.object({
  path: z.string(),
  mode: z.number(),
  size: int64.transform(Number),
  modTime: int64,
  linkname: z.string(),
});
const packetShape = z.object({
  type: z.number(),
  stat: statShape.nullish(),
  ID: z.number(),
  data: z.instanceof(Uint8Array),
});

const { fields: STAT } = proto.nested.Stat;
const { fields: PACKET } = proto.nested.Packet;
/** For one packet at a time. */
const writer = new PacketWriter();

let packetType: Type | undefined;

function type(): Type {
  packetType ??= Root.fromJSON(proto).lookupType("Packet");
  return packetType;
}

export function encodePacket(packet: Packet): Buffer {
  switch (packet.type) {
    case "stat":
      return packet.stat === undefined ? Buffer.alloc(0) : encodeStat(packet.stat);
    case "request":
      return encodeFields(packet.type, packet.id, undefined);
    case "data":
      return encodeFields(packet.type, packet.id, packet.data);
    case "fin":
      return encodeFields(packet.type, 0, undefined);
    case "error":
      return encodeFields(packet.type, 0, Buffer.from(packet.message));
  }
}

/** The owner is always 0, which is left out. */
function encodeStat({ path, mode, size, modTime, linkname }: FileStat): Buffer {
  const begun = writer.begin(PACKET.stat.id);
  writer.string(STAT.path.id, path);
  writer.number(STAT.mode.id, mode);
  writer.number(STAT.size.id, size);
  writer.int64(STAT.modTime.id, modTime);
  writer.string(STAT.linkname.id, linkname);
  writer.end(begun);
  return writer.finish();
}

function encodeFields(type: Packet["type"], id: number, data: Uint8Array | undefined): Buffer {
  writer.number(PACKET.type.id, TYPE[type]);
  writer.number(PACKET.ID.id, id);
  return writer.finish(data === undefined ? undefined : { field: PACKET.data.id, content: data });
}

/** @throws Error when the bytes are something else. */
export function decodePacket(encoded: Uint8Array): Packet {
  const requested = decodeRequest(encoded);
  if (requested !== undefined) {
    return { type: "request", id: requested };
  }
  const message = type().decode(encoded);
  const { type: kind, stat, ID: id, data } = packetShape.parse(type().toObject(message, { defaults: true }));
  switch (kind) {
    case TYPE.stat:
      return stat === null || stat === undefined ? { type: "stat" } : { type: "stat", stat };
    case TYPE.request:
      return { type: "request", id };
    case TYPE.data:
      return { type: "data", id, data };
    case TYPE.fin:
      return { type: "fin" };
    case TYPE.error:
      return { type: "error", message: Buffer.from(data).toString("utf8") };
    default:
      throw new Error(`there is no packet of type ${String(kind)}`);
  }
}

/**
 * The builder asks for tens of thousands of files, each time in the same few bytes: the type, and the ID in at most
 * four. @returns undefined for all else.
 */
function decodeRequest(encoded: Uint8Array): number | undefined {
  const { length } = encoded;
  if (length < 4 || length > 7 || encoded[0] !== 0x08 || encoded[1] !== TYPE.request || encoded[2] !== 0x18) {
    return undefined;
  }
  let id = 0;
  for (let index = 3, shift = 0; index < length; index++, shift += 7) {
    const byte = encoded[index] ?? 0;
    // All bytes but the last have the bit that says that there is another.
    if (byte >= 0x80 !== index < length - 1) {
      return undefined;
    }
    id |= (byte & 0x7f) << shift;
  }
  return id;
}
