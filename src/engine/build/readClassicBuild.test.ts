import assert from "node:assert/strict";
import fc from "fast-check";
import { ImageBuildError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { readClassicBuild } from "./readClassicBuild";

const ID = `sha256:${"a".repeat(64)}`;
const image = { aux: { ID } };
const stream = (...texts: readonly string[]): readonly unknown[] => texts.map((text) => ({ stream: text }));

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
async function* linesOf(...values: readonly unknown[]): AsyncGenerator {
  yield* values;
}

async function read(values: readonly unknown[], labels: readonly string[] = []): Promise<readonly BuildEvent[]> {
  const all: BuildEvent[] = [];
  for await (const event of readClassicBuild(linesOf(...values), labels)) {
    all.push(event);
  }
  return all;
}

/** Without how long steps took. */
async function shown(values: readonly unknown[], labels: readonly string[] = []): Promise<readonly string[]> {
  return (await read(values, labels)).map((event) => {
    switch (event.type) {
      case "step":
        return `${event.state} ${event.name}`;
      case "output":
        return `${event.stepId ?? "nobody"}> ${event.text}`;
      case "progress":
        return `${event.message} ${String(event.current)}/${String(event.total)}`;
      case "warning":
        return `warning ${event.message}`;
      case "image":
        return event.imageId;
    }
  });
}

const run = (words: string, ...output: readonly string[]): readonly unknown[] => [
  ...stream(
    `Step 2/2 : RUN ${words}`,
    "\n",
    " ---> Running in 0123456789ab\n",
    ...output,
    "Removing intermediate container 0123456789ab\n",
    " ---> 54fd49e1620c\n",
  ),
];

describe("readClassicBuild", () => {
  it("tells of steps, their output and the image, and nothing of what is the builder's own", async () => {
    assert.deepEqual(
      await shown([
        ...stream("Step 1/2 : FROM busybox", "\n", " ---> d04d4a4d632b\n"),
        ...run("echo hi", "hi\n"),
        image,
        ...stream("Successfully built 54fd49e1620c\n", "Successfully tagged x:1\n"),
      ]),
      [
        "started Step 1/2 : FROM busybox",
        "finished Step 1/2 : FROM busybox",
        "started Step 2/2 : RUN echo hi",
        "Step 2/2> hi\n",
        "finished Step 2/2 : RUN echo hi",
        ID,
      ],
    );
  });

  it("says how long each step took", async () => {
    const events = await read([...run("true"), image]);
    assert.deepEqual(
      events.map((event) => (event.type === "step" ? typeof event.durationMs : event.type)),
      ["undefined", "number", "image"],
    );
  });

  it("tells of cached steps", async () => {
    const events = await shown([
      ...stream("Step 1/1 : RUN x", "\n", " ---> Using cache\n", " ---> 54fd49e1620c\n"),
      image,
    ]);
    assert.deepEqual(events, ["started Step 1/1 : RUN x", "cached Step 1/1 : RUN x", ID]);
  });

  it("takes what a step writes for nothing else, whatever that is", async () => {
    const odd = [
      "Step 3/3 : FROM x",
      " ---> Using cache\n",
      " ---> Running in ffffffffffff\n",
      "Removing intermediate container ffffffffffff\n",
      "Successfully built ffffffffffff\n",
      "[Warning] not really\n",
      "\n",
    ];
    const [started, ...rest] = await shown([...run("odd", ...odd), image]);
    assert.equal(started, "started Step 2/2 : RUN odd");
    assert.deepEqual(rest, [...odd.map((text) => `Step 2/2> ${text}`), "finished Step 2/2 : RUN odd", ID]);
  });

  it("takes no step but the next for one, even of one that says that its container is gone", async () => {
    const events = await shown([
      ...run("odd", "Removing intermediate container 0123456789ab\n", "Step 7/7 : fake", " ---> Using cache\n"),
      ...stream("Step 3/3 : CMD x", "\n", " ---> 54fd49e1620c\n"),
      image,
    ]);
    assert.deepEqual(
      events.filter((event) => !event.includes("> ")),
      [
        "started Step 2/2 : RUN odd",
        "finished Step 2/2 : RUN odd",
        "started Step 3/3 : CMD x",
        "finished Step 3/3 : CMD x",
        ID,
      ],
    );
    assert.ok(events.includes("Step 2/2> Step 7/7 : fake"), events.join());
  });

  it("takes no earlier stage for the image where the engine goes away", async () => {
    const events = await shown([image, ...stream("Step 2/3 : FROM x", "\n")]);
    assert.deepEqual(events, ["started Step 2/3 : FROM x", "finished Step 2/3 : FROM x"]);
  });

  it("takes away the red of stderr, and no other colour", async () => {
    const own = ["\u001b[32mok\u001b[0m and more\n", "\u001b[32mgreen\u001b[0m", "\u001b[91mof its own\n"];
    const events = await shown(run("x", "\u001b[91merr\n\u001b[0m", ...own));
    assert.deepEqual(
      events.slice(1, 5),
      ["err\n", ...own].map((text) => `Step 2/2> ${text}`),
    );
  });

  it("knows the words of Docker 28", async () => {
    const events = await shown(
      stream(
        "Step 1/2 : RUN x",
        "\n",
        " ---> Running in 0123456789ab\n",
        "x\n",
        " ---> Removed intermediate container 0123456789ab\n",
        " ---> 54fd49e1620c\n",
        "Step 2/2 : CMD y",
      ),
    );
    assert.deepEqual(events.at(-2), "started Step 2/2 : CMD y");
  });

  it("gives the image of the last stage", async () => {
    const first = { aux: { ID: `sha256:${"b".repeat(64)}` } };
    assert.deepEqual(await shown([first, image]), [ID]);
  });

  it("hides the steps that give the image its labels, and no other's", async () => {
    const lines = [
      ...stream("Step 1/3 : LABEL a.b=of the Dockerfile", "\n", " ---> 54fd49e1620c\n"),
      ...stream("Step 2/3 : LABEL a.b=x y", "\n", " ---> Running in 0123456789ab\n"),
      ...stream(" ---> Removed intermediate container 0123456789ab\n", " ---> 54fd49e1620c\n"),
      ...stream("Step 3/3 : LABEL c=d", "\n", " ---> 54fd49e1620c\n"),
      image,
    ];
    const first = ["started Step 1/3 : LABEL a.b=of the Dockerfile", "finished Step 1/3 : LABEL a.b=of the Dockerfile"];
    assert.deepEqual(await shown(lines, ["c", "a.b"]), [...first, ID]);
    assert.equal((await shown(lines, ["other"])).length, 7);
  });

  it("tells of warnings, and of images that are pulled", async () => {
    assert.deepEqual(
      await shown([
        { status: "Downloading", id: "abc", progressDetail: { current: 5, total: 9 } },
        { status: "Pull complete", id: "abc" },
        ...stream("[Warning] One or more build-args [X] were not consumed\n"),
      ]),
      [
        "abc: Downloading 5/9",
        "abc: Pull complete undefined/undefined",
        "warning One or more build-args [X] were not consumed",
      ],
    );
  });

  it("says which step failed, with its exit code and last output", async () => {
    const message = "The command '/bin/sh -c echo non-zero code: 9; exit 3' returned a non-zero code: 3";
    const lines = [
      ...run("echo non-zero code: 9; exit 3", "last words\n").slice(0, 4),
      { errorDetail: { code: 3, message }, error: message },
    ];
    await assert.rejects(read(lines), (error) => {
      assert.ok(error instanceof ImageBuildError);
      const { step, exitCode, output, detail } = error.failure;
      assert.deepEqual(
        [step, exitCode, output, detail],
        ["Step 2/2 : RUN echo non-zero code: 9; exit 3", 3, "last words", message],
      );
      return true;
    });
  });

  it("tells of a failure before the first step", async () => {
    await assert.rejects(read([{ error: "dockerfile parse error line 1: unknown instruction: X" }]), (error) => {
      assert.ok(error instanceof ImageBuildError);
      assert.equal(error.failure.step, undefined);
      return true;
    });
  });

  it("loses nothing of what a step writes, however it comes in pieces", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { maxLength: 8 }), async (pieces) => {
        const events = await read([...run("x", ...pieces), image]);
        const text = events.map((event) => (event.type === "output" ? event.text : "")).join("");
        assert.equal(text, pieces.join(""));
      }),
    );
  });
});
