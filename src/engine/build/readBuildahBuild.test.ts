import assert from "node:assert/strict";
import { ImageBuildError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { readBuildahBuild } from "./readBuildahBuild";

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
async function* linesOf(...values: readonly unknown[]): AsyncGenerator {
  yield* values;
}
const stream = (text: string): unknown => ({ stream: text });
const image = { aux: { ID: "sha256:1" } };

/** Events without durations, which are different each time. */
async function read(...values: readonly unknown[]): Promise<readonly BuildEvent[]> {
  const all: BuildEvent[] = [];
  for await (const event of readBuildahBuild(linesOf(...values), ["dev.slipway.kind"])) {
    if (event.type === "step" && event.state !== "started") {
      const { durationMs, ...others } = event;
      assert.ok(durationMs !== undefined && durationMs >= 0);
      all.push(others);
    } else {
      all.push(event);
    }
  }
  return all;
}
const step = (id: string, instruction: string, state: (BuildEvent & { type: "step" })["state"]): BuildEvent => ({
  type: "step",
  id,
  name: `${id}: ${instruction}`,
  state,
});
const output = (stepId: string | undefined, text: string): BuildEvent => ({ type: "output", stepId, text });

async function failure(
  ...values: readonly unknown[]
): Promise<{ readonly error: ImageBuildError; readonly events: readonly BuildEvent[] }> {
  const events: BuildEvent[] = [];
  try {
    for await (const event of readBuildahBuild(linesOf(...values), ["dev.slipway.kind"])) {
      events.push(event);
    }
  } catch (error) {
    assert.ok(error instanceof ImageBuildError, String(error));
    return { error, events };
  }
  return assert.fail("it did not fail");
}

describe("readBuildahBuild", () => {
  it("makes steps of the lines that begin one, and output of the others", async () => {
    const digest = "a".repeat(64);
    assert.deepEqual(
      await read(
        stream("STEP 1/3: FROM localhost/base:1\n"),
        stream("STEP 2/3: COPY . /app\n"),
        stream("--> 0123456789ab\n"),
        stream("STEP 3/3: RUN npm ci\n"),
        stream("added 1 package\n"),
        stream("--> Pulled nothing\n"),
        stream("COMMIT localhost/x:1\n"),
        stream("--> 0123456789ab\n"),
        stream("Successfully tagged localhost/x:1\n"),
        stream(`${digest}\n`),
        image,
        stream("Successfully built 0123456789ab\n"),
      ),
      [
        step("STEP 1/3", "FROM localhost/base:1", "started"),
        step("STEP 1/3", "FROM localhost/base:1", "finished"),
        step("STEP 2/3", "COPY . /app", "started"),
        step("STEP 2/3", "COPY . /app", "finished"),
        step("STEP 3/3", "RUN npm ci", "started"),
        output("STEP 3/3", "added 1 package\n"),
        output("STEP 3/3", "--> Pulled nothing\n"),
        step("STEP 3/3", "RUN npm ci", "finished"),
        { type: "image", imageId: "sha256:1" },
      ],
    );
  });

  it("takes the end of a build without a name for no output", async () => {
    for (const stage of ["", "[2/2] "]) {
      const events = await read(
        stream(`${stage}STEP 1/1: RUN x\n`),
        stream(`${stage}COMMIT\n`),
        stream("--> 0123456789ab\n"),
        stream(`${"a".repeat(64)}\n`),
        image,
        stream("Successfully built 0123456789ab\n"),
      );
      assert.deepEqual(
        events.map(({ type }) => type),
        ["step", "step", "image"],
      );
    }
  });

  it("takes the end of one that came wholly from the cache for no output either", async () => {
    const events = await read(
      stream("STEP 1/1: RUN x\n"),
      stream("--> Using cache 0123456789abcdef\n"),
      stream("--> 0123456789ab\n"),
      stream(`${"a".repeat(64)}\n`),
      image,
      stream("Successfully built 0123456789ab\n"),
    );
    assert.deepEqual(
      events.map((event) => (event.type === "step" ? event.state : event.type)),
      ["started", "cached", "image"],
    );
  });

  it("tells stages apart", async () => {
    const events = await read(stream("[1/2] STEP 1/1: FROM a AS b\n"), stream("[2/2] STEP 1/1: FROM scratch\n"), image);
    assert.deepEqual(
      events.map((event) => event.type === "step" && `${event.id} ${event.state}`),
      ["[1/2] STEP 1/1 started", "[1/2] STEP 1/1 finished", "[2/2] STEP 1/1 started", "[2/2] STEP 1/1 finished", false],
    );
  });

  it("knows a step that came from the cache", async () => {
    const events = await read(
      stream("STEP 1/2: RUN a\n"),
      stream("--> Using cache 0123456789abcdef\n"),
      stream("--> 0123456789ab\n"),
      stream("STEP 2/2: RUN b\n"),
      image,
    );
    assert.deepEqual(events, [
      step("STEP 1/2", "RUN a", "started"),
      step("STEP 1/2", "RUN a", "cached"),
      step("STEP 2/2", "RUN b", "started"),
      step("STEP 2/2", "RUN b", "finished"),
      { type: "image", imageId: "sha256:1" },
    ]);
  });

  it("reads several lines in one message, and pieces of a line", async () => {
    const events = await read(stream("STEP 1/1: RUN x\none\ntwo\nhal"), stream("f\n"));
    assert.deepEqual(
      events.slice(1),
      ["one\n", "two\n", "hal", "f\n"].map((text) => output("STEP 1/1", text)),
    );
  });

  it("keeps output before the first step, and output that only resembles the builder's words", async () => {
    assert.deepEqual(await read(stream("Trying to pull localhost/base\n")), [
      output(undefined, "Trying to pull localhost/base\n"),
    ]);
    const texts = ["STEPS 1/2: no\n", "  STEP 1/2: no\n", "--> done\n", "abcdef0123\n", "\n"];
    const events = await read(stream("STEP 1/1: RUN x\n"), ...texts.map(stream));
    assert.deepEqual(
      events.slice(1),
      texts.map((text) => output("STEP 1/1", text)),
    );
  });

  it("takes what a step writes for nothing else, whatever that is", async () => {
    const digest = "a".repeat(64);
    const odd = [
      `${digest}\n`,
      "--> Using cache 0123456789abcdef\n",
      "STEP 1/9: FROM fake\n",
      "[2/2] STEP 2/2: fake\n",
      "STEP 9/9: fake\n",
      "--> 0123456789abcdef\n",
      "Successfully tagged x\n",
      "COMMIT x\n",
      "--> 0123456789ab\n",
      `${digest}\n`,
    ];
    const [before, ...events] = await read(
      ...["STEP 1/3: FROM a\n", "STEP 2/3: RUN odd\n", ...odd, "--> 75ee874cfe7\n", "STEP 3/3: CMD x\n"].map(stream),
      ...["COMMIT y\n", "--> 75ee874cfe7\n", "Successfully tagged y\n", `${digest}\n`].map(stream),
      image,
    );
    assert.ok(before);
    assert.deepEqual(events, [
      step("STEP 1/3", "FROM a", "finished"),
      step("STEP 2/3", "RUN odd", "started"),
      ...odd.map((text) => output("STEP 2/3", text)),
      step("STEP 2/3", "RUN odd", "finished"),
      step("STEP 3/3", "CMD x", "started"),
      step("STEP 3/3", "CMD x", "finished"),
      { type: "image", imageId: "sha256:1" },
    ]);
  });

  it("loses nothing of a step that fails, or whose build is cut off", async () => {
    const lines = [stream("STEP 1/1: RUN x\n"), stream("COMMIT x\n")];
    assert.deepEqual((await read(...lines)).at(-1), output("STEP 1/1", "COMMIT x\n"));
    const { error } = await failure(...lines, { error: "no" });
    assert.equal(error.failure.output, "COMMIT x");
  });

  it("tells of no step for the image's labels, nor of what ends the last of several stages", async () => {
    const events = await read(
      stream("[2/2] STEP 1/2: RUN x\n"),
      stream('[2/2] STEP 2/2: LABEL "dev.slipway.kind"="build" "other"="x"\n'),
      stream("odd\n"),
      stream("[2/2] COMMIT localhost/a:1\n"),
      image,
    );
    assert.deepEqual(
      events.map((event) => (event.type === "step" ? `${event.id} ${event.state}` : event.type)),
      ["[2/2] STEP 1/2 started", "[2/2] STEP 1/2 finished", "output", "image"],
    );
    assert.deepEqual(events[2], output(undefined, "odd\n"));
  });

  it("passes over lines of other kinds", async () => {
    assert.deepEqual(await read(null, 1, {}, { status: "x" }, { aux: {} }, { aux: "trace" }), []);
  });

  it("names the failed step, its exit code and its last output", async () => {
    const detail = 'building at STEP "RUN false": while running runtime: exit status 3';
    const { error, events } = await failure(
      stream("STEP 1/2: FROM a\n"),
      stream("STEP 2/2: RUN false\n"),
      stream("first\n"),
      stream("last words\n"),
      { error: detail, errorDetail: { message: detail } },
      stream("never read\n"),
    );
    assert.deepEqual(error.failure, { step: "STEP 2/2: RUN false", exitCode: 3, output: "first\nlast words", detail });
    const last = events.at(-1);
    assert.equal(last?.type === "step" && `${last.name} ${last.state}`, "STEP 2/2: RUN false failed");
  });

  it("does not mix the output of earlier steps into the failed one's", async () => {
    const { error } = await failure(
      stream("STEP 1/2: RUN a\n"),
      stream("of a\n"),
      stream("STEP 2/2: RUN b\n"),
      stream("of b\n"),
      { error: "x" },
    );
    assert.equal(error.failure.output, "of b");
  });

  it("fails without a step when the build never came to one", async () => {
    const { error, events } = await failure({ error: "no such image" });
    assert.deepEqual(error.failure, { step: undefined, exitCode: undefined, output: "", detail: "no such image" });
    assert.deepEqual(events, []);
  });

  it("ends without an image when the stream was cut off: that is for the caller to notice", async () => {
    assert.deepEqual(await read(stream("STEP 1/1: RUN x\n")), [step("STEP 1/1", "RUN x", "started")]);
    assert.deepEqual(await read(), []);
  });
});
