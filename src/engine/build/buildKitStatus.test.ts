import assert from "node:assert/strict";
import fc from "fast-check";
import { Root } from "protobufjs/light";
import { decodeBuildKitStatus } from "./buildKitStatus";

/** Written from BuildKit's control.proto, fields that Slipway does not read included. */
const StatusResponse = Root.fromJSON({
  nested: {
    Timestamp: { fields: { seconds: { type: "int64", id: 1 }, nanos: { type: "int32", id: 2 } } },
    Vertex: {
      fields: {
        digest: { type: "string", id: 1 },
        inputs: { rule: "repeated", type: "string", id: 2 },
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
        name: { type: "string", id: 3 },
        current: { type: "int64", id: 4 },
        total: { type: "int64", id: 5 },
        timestamp: { type: "Timestamp", id: 6 },
        started: { type: "Timestamp", id: 7 },
        completed: { type: "Timestamp", id: 8 },
      },
    },
    VertexLog: {
      fields: {
        vertex: { type: "string", id: 1 },
        timestamp: { type: "Timestamp", id: 2 },
        stream: { type: "int64", id: 3 },
        msg: { type: "bytes", id: 4 },
      },
    },
    VertexWarning: {
      fields: { vertex: { type: "string", id: 1 }, level: { type: "int64", id: 2 }, short: { type: "bytes", id: 3 } },
    },
    StatusResponse: {
      fields: {
        vertexes: { rule: "repeated", type: "Vertex", id: 1 },
        statuses: { rule: "repeated", type: "VertexStatus", id: 2 },
        logs: { rule: "repeated", type: "VertexLog", id: 3 },
        warnings: { rule: "repeated", type: "VertexWarning", id: 4 },
      },
    },
  },
}).lookupType("StatusResponse");

const encode = (status: Record<string, unknown>): Uint8Array =>
  StatusResponse.encode(StatusResponse.fromObject(status)).finish();

/** What has not happened yet may be null or undefined. */
const withoutNull = (fields: object): unknown =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, (value as unknown) ?? undefined]));

describe("decodeBuildKitStatus", () => {
  it("reads an empty status", () => {
    assert.deepEqual(decodeBuildKitStatus(new Uint8Array(0)), { vertexes: [], statuses: [], logs: [], warnings: [] });
  });

  it("reads steps, with times in milliseconds, and leaves open what has not happened yet", () => {
    const { vertexes } = decodeBuildKitStatus(
      encode({
        vertexes: [
          {
            digest: "sha256:1",
            inputs: ["sha256:0"],
            name: "[1/2] RUN x",
            cached: true,
            started: { seconds: 1_800_000_000, nanos: 500_000_000 },
            completed: { seconds: 1_800_000_001 },
            error: "boom",
          },
          { digest: "sha256:2", name: "[2/2] RUN y" },
        ],
      }),
    );
    assert.deepEqual(vertexes.map(withoutNull), [
      {
        digest: "sha256:1",
        name: "[1/2] RUN x",
        cached: true,
        started: 1_800_000_000_500,
        completed: 1_800_000_001_000,
        error: "boom",
      },
      { digest: "sha256:2", name: "[2/2] RUN y", cached: false, started: undefined, completed: undefined, error: "" },
    ]);
  });

  it("reads progress beyond 32 bits", () => {
    const { statuses } = decodeBuildKitStatus(
      encode({
        statuses: [
          { ID: "sha256:9", vertex: "v", name: "n", current: 6_000_000_000, total: 2 ** 40, timestamp: { seconds: 1 } },
        ],
      }),
    );
    assert.deepEqual(statuses.map(withoutNull), [
      { ID: "sha256:9", vertex: "v", current: 6_000_000_000, total: 2 ** 40, completed: undefined },
    ]);
  });

  it("reads output and warnings as bytes", () => {
    const { logs, warnings } = decodeBuildKitStatus(
      encode({
        logs: [
          { vertex: "v", timestamp: { seconds: 1 }, stream: 2, msg: Buffer.from("é\n").toString("base64") },
          { vertex: "v" },
        ],
        warnings: [{ vertex: "v", level: 1, short: Buffer.from("old").toString("base64") }],
      }),
    );
    assert.deepEqual(
      logs.map(({ vertex, stream, msg }) => [vertex, stream, Buffer.from(msg).toString()]),
      [
        ["v", 2, "é\n"],
        ["v", 0, ""],
      ],
    );
    assert.deepEqual(
      warnings.map(({ short }) => Buffer.from(short).toString()),
      ["old"],
    );
  });

  it("throws an Error for bytes that are cut off", () => {
    const whole = encode({ vertexes: [{ digest: "sha256:1", name: "x" }] });
    assert.throws(() => decodeBuildKitStatus(whole.subarray(0, -1)), Error);
  });

  it("either reads bytes or throws an Error, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          assert.ok(Array.isArray(decodeBuildKitStatus(bytes).vertexes));
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      }),
    );
  });
});
