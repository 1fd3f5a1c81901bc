import assert from "node:assert/strict";
import fc from "fast-check";
import { Root } from "protobufjs/light";
import { ImageBuildError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { readBuildKitBuild } from "./readBuildKitBuild";

/** The fields of BuildKit's control.proto that the tests write. */
const StatusResponse = Root.fromJSON({
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
      fields: { vertex: { type: "string", id: 1 }, stream: { type: "int64", id: 3 }, msg: { type: "bytes", id: 4 } },
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
}).lookupType("StatusResponse");

interface Vertex {
  readonly digest: string;
  readonly name?: string;
  readonly cached?: boolean;
  /** In seconds. */
  readonly started?: number;
  readonly completed?: number;
  readonly error?: string;
}
interface Status {
  readonly vertexes?: readonly Vertex[];
  readonly statuses?: readonly {
    readonly ID: string;
    readonly vertex?: string;
    readonly current?: number;
    readonly total?: number;
    readonly completed?: { readonly seconds: number };
  }[];
  readonly logs?: readonly { readonly vertex: string; readonly stream?: number; readonly msg: Uint8Array | string }[];
  readonly warnings?: readonly string[];
}

const seconds = (value: number | undefined): object | undefined =>
  value === undefined ? undefined : { seconds: value };
/** A line of the answer, as Docker writes it. */
function trace({ vertexes = [], statuses = [], logs = [], warnings = [] }: Status): unknown {
  const message = StatusResponse.fromObject({
    vertexes: vertexes.map((vertex) => ({
      name: `RUN ${vertex.digest}`,
      ...vertex,
      started: seconds(vertex.started),
      completed: seconds(vertex.completed),
    })),
    statuses,
    logs: logs.map(({ msg, ...log }) => ({ stream: 1, ...log, msg: Buffer.from(msg) })),
    warnings: warnings.map((short) => ({ short: Buffer.from(short) })),
  });
  return { id: "moby.buildkit.trace", aux: Buffer.from(StatusResponse.encode(message).finish()).toString("base64") };
}
const image = { id: "moby.image.id", aux: { ID: "sha256:1" } };

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
async function* linesOf(...values: readonly unknown[]): AsyncGenerator {
  yield* values;
}

async function read(...values: readonly unknown[]): Promise<readonly BuildEvent[]> {
  const all: BuildEvent[] = [];
  for await (const event of readBuildKitBuild(linesOf(...values))) {
    all.push(event);
  }
  return all;
}

async function failure(...values: readonly unknown[]): Promise<ImageBuildError> {
  try {
    await read(...values);
  } catch (error) {
    assert.ok(error instanceof ImageBuildError, String(error));
    return error;
  }
  return assert.fail("it did not fail");
}

describe("readBuildKitBuild", () => {
  it("tells each step's start and end once, however often BuildKit repeats it", async () => {
    const running = { digest: "a", started: 10 };
    assert.deepEqual(
      await read(
        trace({ vertexes: [{ digest: "a" }, { digest: "b" }] }),
        trace({ vertexes: [running] }),
        trace({ vertexes: [running, running] }),
        trace({ vertexes: [{ ...running, completed: 12 }] }),
        trace({ vertexes: [{ ...running, completed: 12 }] }),
        image,
      ),
      [
        { type: "step", id: "a", name: "RUN a", state: "started" },
        { type: "step", id: "a", name: "RUN a", state: "finished", durationMs: 2000 },
        { type: "image", imageId: "sha256:1" },
      ],
    );
  });

  it("tells a step anew that BuildKit goes on with", async () => {
    const events = await read(
      trace({ vertexes: [{ digest: "a", started: 10, completed: 11 }] }),
      trace({ vertexes: [{ digest: "a", started: 10 }] }),
      trace({ vertexes: [{ digest: "a", started: 10, completed: 13 }] }),
    );
    assert.deepEqual(
      events.map((event) => event.type === "step" && [event.state, event.durationMs]),
      [
        ["finished", 1000],
        ["started", undefined],
        ["finished", 3000],
      ],
    );
  });

  it("knows a step that came from the cache", async () => {
    const [event] = await read(trace({ vertexes: [{ digest: "a", cached: true, started: 10, completed: 10 }] }));
    assert.deepEqual(event, { type: "step", id: "a", name: "RUN a", state: "cached", durationMs: 0 });
  });

  it("gives the same output however BuildKit cuts its bytes, for each step and stream", async () => {
    const piece = fc.record({
      vertex: fc.constantFrom("a", "b"),
      stream: fc.constantFrom(1, 2),
      text: fc.string({ unit: "binary" }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 5 }), async (pieces) => {
        const queues = pieces.map(({ vertex, stream, text }) => ({ vertex, stream, bytes: [...Buffer.from(text)] }));
        const logs = queues.flatMap(({ bytes, ...log }) => bytes.map((byte) => ({ ...log, msg: Uint8Array.of(byte) })));
        const events = await read(trace({ logs }), image);
        for (const vertex of ["a", "b"]) {
          const text = events
            .map((event) => (event.type === "output" && event.stepId === vertex ? event.text : ""))
            .join("");
          const expected = pieces.filter((each) => each.vertex === vertex);
          assert.equal(text, expected.map((each) => Buffer.from(each.text).toString("utf8")).join(""));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("shows half a character at the end", async () => {
    const events = await read(trace({ logs: [{ vertex: "a", msg: Buffer.from("é").subarray(0, 1) }] }), image);
    assert.deepEqual(events, [
      { type: "output", stepId: "a", text: "\uFFFD" },
      { type: "image", imageId: "sha256:1" },
    ]);
  });

  it("tells progress that has begun, with a total where there is one", async () => {
    const statuses = [
      { ID: "layer", current: 5, total: 10 },
      { ID: "context", current: 3 },
      { ID: "waiting", total: 10 },
    ];
    assert.deepEqual(await read(trace({ statuses })), [
      { type: "progress", message: "layer", current: 5, total: 10 },
      { type: "progress", message: "context", current: 3 },
    ]);
  });

  it("says once that a transfer has come to its end", async () => {
    const status = { ID: "transferring context:", vertex: "a", current: 7, completed: { seconds: 3 } };
    assert.deepEqual(await read(trace({ statuses: [status] }), trace({ statuses: [status] })), [
      { type: "progress", message: "transferring context:", current: 7, last: true },
    ]);
  });

  it("goes on without a cache that cannot be got, and blames it for nothing", async () => {
    const name = "importing cache manifest from localhost:1/a";
    const cache = { digest: "c", name, started: 1, completed: 2, error: "connection refused" };
    const events = await read(trace({ vertexes: [cache] }), image);
    assert.deepEqual(events, [
      { type: "step", id: "c", name, state: "finished", durationMs: 1000 },
      { type: "warning", message: `${name}: connection refused. The build goes on without it.` },
      { type: "image", imageId: "sha256:1" },
    ]);
    const detail = "process did not complete successfully: exit code: 7";
    const error = await failure(
      trace({ vertexes: [cache, { digest: "b", started: 1, completed: 2, error: detail }] }),
      { error: `failed to solve: ${detail}` },
    );
    assert.equal(error.failure.step, "RUN b");
  });

  it("blames the step of whose failure the end tells", async () => {
    const error = await failure(
      trace({
        vertexes: [
          { digest: "a", started: 1, completed: 2, error: "exit code: 1" },
          { digest: "b", started: 1, completed: 2, error: "exit code: 2" },
        ],
      }),
      { error: "failed to solve: exit code: 2" },
    );
    assert.equal(error.failure.step, "RUN b");
  });

  it("passes warnings on", async () => {
    assert.deepEqual(await read(trace({ warnings: ["é is old"] })), [{ type: "warning", message: "é is old" }]);
  });

  it("passes over lines of other kinds", async () => {
    assert.deepEqual(
      await read(null, "x", {}, { stream: "text\n" }, { id: "moby.buildkit.other", aux: "CgA=" }, { aux: {} }),
      [],
    );
  });

  it("names the failed step, its exit code and its last output", async () => {
    const detail = 'process "/bin/sh -c false" did not complete successfully: exit code: 7';
    const error = await failure(
      trace({
        vertexes: [
          { digest: "a", started: 1 },
          { digest: "b", started: 1 },
        ],
      }),
      trace({
        logs: [
          { vertex: "a", msg: "of a\n" },
          { vertex: "b", msg: "of b\n", stream: 2 },
        ],
      }),
      trace({ vertexes: [{ digest: "b", started: 1, completed: 2, error: detail }] }),
      { error: detail, errorDetail: { message: detail } },
    );
    assert.deepEqual(error.failure, { step: "RUN b", exitCode: 7, output: "of b", detail });
  });

  it("tells the failed step as failed, once", async () => {
    const failed = { digest: "a", started: 1, completed: 2, error: "boom" };
    const events: BuildEvent[] = [];
    await assert.rejects(async () => {
      for await (const event of readBuildKitBuild(
        linesOf(trace({ vertexes: [failed] }), trace({ vertexes: [failed] }), { error: "boom" }),
      )) {
        events.push(event);
      }
    }, ImageBuildError);
    assert.deepEqual(events, [{ type: "step", id: "a", name: "RUN a", state: "failed", durationMs: 1000 }]);
  });

  for (const [what, order] of [
    ["after it", ["culprit", "bystander"]],
    ["before it", ["bystander", "culprit"]],
  ] as const) {
    it(`does not blame a step that was cancelled because of the failed one, told ${what}`, async () => {
      const errors = { culprit: "exit code: 1", bystander: "failed to solve: context canceled" };
      const error = await failure(
        ...order.map((digest) => trace({ vertexes: [{ digest, started: 1, completed: 2, error: errors[digest] }] })),
        {
          error: "exit code: 1",
        },
      );
      assert.equal(error.failure.step, "RUN culprit");
    });
  }

  it("fails without a step when the build never came to one", async () => {
    const error = await failure({
      errorDetail: { message: "dockerfile parse error on line 2: unknown instruction: RUNN" },
    });
    assert.deepEqual(error.failure, {
      step: undefined,
      exitCode: undefined,
      output: "",
      detail: "dockerfile parse error on line 2: unknown instruction: RUNN",
    });
  });

  it("ends without an image when the stream was cut off: that is for the caller to notice", async () => {
    assert.deepEqual(await read(), []);
    assert.equal((await read(trace({ vertexes: [{ digest: "a", started: 1 }] }))).length, 1);
  });
});
