import { Root, type Type } from "protobufjs/light";
import { z } from "zod";

/** moby.buildkit.v1.StatusResponse (api/services/control/control.proto), as far as Slipway reads it. */
const proto = {
  nested: {
    Timestamp: { fields: { seconds: { type: "int64", id: 1 }, nanos: { type: "int32", id: 2 } } },
    Vertex: {
      fields: {
        digest: { type: "string", id: 1 },
        name: { type: "string", id: 3 },
        cached: { type: "bool", id: 4 },
        started: { type: "Timestamp", id: 5 },
        completed: { type: "Timestamp", id: 6 },
        error: { type: "string", id: 7 },
      },
    },
    VertexStatus: {
      fields: {
        ID: { type: "string", id: 1 },
        vertex: { type: "string", id: 2 },
        current: { type: "int64", id: 4 },
        total: { type: "int64", id: 5 },
        completed: { type: "Timestamp", id: 8 },
      },
    },
    VertexLog: {
      fields: {
        vertex: { type: "string", id: 1 },
        stream: { type: "int64", id: 3 },
        msg: { type: "bytes", id: 4 },
      },
    },
    VertexWarning: { fields: { short: { type: "bytes", id: 3 } } },
    StatusResponse: {
      fields: {
        vertexes: { rule: "repeated", type: "Vertex", id: 1 },
        statuses: { rule: "repeated", type: "VertexStatus", id: 2 },
        logs: { rule: "repeated", type: "VertexLog", id: 3 },
        warnings: { rule: "repeated", type: "VertexWarning", id: 4 },
      },
    },
  },
} as const;

const timestamp = z
  .object({ seconds: z.number(), nanos: z.number() })
  .nullish()
  .transform((time) => (time ? time.seconds * 1000 + time.nanos / 1e6 : undefined));
const bytes = z.instanceof(Uint8Array);

const statusShape = z.object({
  vertexes: z.array(
    z.object({
      digest: z.string(),
      name: z.string(),
      cached: z.boolean(),
      started: timestamp,
      completed: timestamp,
      error: z.string(),
    }),
  ),
  statuses: z.array(
    z.object({ ID: z.string(), vertex: z.string(), current: z.number(), total: z.number(), completed: timestamp }),
  ),
  logs: z.array(z.object({ vertex: z.string(), stream: z.number(), msg: bytes })),
  warnings: z.array(z.object({ short: bytes })),
});

/** Times are in milliseconds since 1970. */
export type BuildKitStatus = z.infer<typeof statusShape>;

let responseType: Type | undefined;

/** Reads one line of BuildKit's progress. Throws when the bytes are something else. */
export function decodeBuildKitStatus(encoded: Uint8Array): BuildKitStatus {
  responseType ??= Root.fromJSON(proto).lookupType("StatusResponse");
  const message = responseType.decode(encoded);
  return statusShape.parse(responseType.toObject(message, { longs: Number, defaults: true, arrays: true }));
}
