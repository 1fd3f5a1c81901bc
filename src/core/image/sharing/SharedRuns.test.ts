import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { ImageBuildError } from "../../errors/imageErrors";
import { AsyncQueue } from "../../ports/AsyncQueue";
import type { Condensing } from "./EventLog";
import { SharedRuns, type FollowOptions } from "./SharedRuns";

type Event = { readonly step: string } | { readonly text: string };

const condensing: Condensing<Event> = {
  droppable: (event) => ("text" in event ? event.text.length : undefined),
  gap: (characters) => ({ step: `${String(characters)} missing` }),
};

/** Work whose events, end and failure the test decides. */
class Work {
  readonly queue = new AsyncQueue<Event | Error>();
  started = 0;
  signal: AbortSignal | undefined;
  /** What is written after a pause when the work is aborted. */
  cleanedUp = false;

  readonly start = async function* (this: Work, signal: AbortSignal): AsyncGenerator<Event, string> {
    this.started++;
    this.signal = signal;
    signal.addEventListener("abort", () => {
      this.queue.end();
    });
    try {
      for await (const event of this.queue) {
        if (event instanceof Error) {
          throw event;
        }
        yield event;
      }
      signal.throwIfAborted();
      return "the image";
    } finally {
      if (signal.aborted) {
        await setImmediate();
      }
      this.cleanedUp = true;
    }
  }.bind(this);
}

interface Followed {
  readonly steps: string[];
  readonly result: Promise<string>;
}

function followerOf(
  runs: SharedRuns<Event, string>,
): (options: Partial<FollowOptions<Event, string>> & Pick<FollowOptions<Event, string>, "start">) => Followed {
  return (options) => {
    const steps: string[] = [];
    const events = runs.follow({ key: "image", ...options });
    const result = (async () => {
      for (;;) {
        const next = await events.next();
        if (next.done === true) {
          return next.value;
        }
        steps.push("step" in next.value ? next.value.step : next.value.text);
      }
    })();
    // Each test awaits what it asks for; what it does not ask for must not end the process.
    result.catch(() => undefined);
    return { steps, result };
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await setImmediate();
  }
}

describe("SharedRuns", () => {
  let runs: SharedRuns<Event, string>;
  let follow: ReturnType<typeof followerOf>;

  beforeEach(() => {
    runs = new SharedRuns<Event, string>(condensing);
    follow = followerOf(runs);
  });

  it("runs once for all who ask while it goes on, and gives each every event and the result", async () => {
    const work = new Work();
    const first = follow(work);
    work.queue.push({ step: "1" });
    await settle();
    const second = follow({ start: work.start, joining: { step: "joined" } });
    await settle();
    work.queue.push({ step: "2" });
    work.queue.end();
    assert.deepEqual(await Promise.all([first.result, second.result]), ["the image", "the image"]);
    assert.deepEqual([first.steps, second.steps, work.started], [["1", "2"], ["joined", "1", "2"], 1]);
  });

  it("runs again once it has ended, and for another key", async () => {
    const works = [new Work(), new Work(), new Work()];
    for (const { queue } of works) {
      queue.end();
    }
    const [a, b, c] = works;
    assert.ok(a && b && c);
    await Promise.all([follow(a).result, follow({ start: b.start, key: "other" }).result]);
    await follow(c).result;
    assert.deepEqual(
      works.map(({ started }) => started),
      [1, 1, 1],
    );
  });

  it("does not start before the first event is asked for", async () => {
    const work = new Work();
    const events = runs.follow({ key: "image", start: work.start });
    await settle();
    await events.return("");
    assert.equal(work.started, 0);
  });

  it("goes on for the others when one is cancelled, who is gone at once", async () => {
    const work = new Work();
    const cancel = new AbortController();
    const first = follow({ start: work.start, signal: cancel.signal });
    const second = follow(work);
    await settle();
    cancel.abort(new Error("cancelled"));
    await assert.rejects(first.result, /cancelled/);
    assert.equal(work.signal?.aborted, false);
    work.queue.push({ step: "1" });
    work.queue.end();
    assert.equal(await second.result, "the image");
    assert.deepEqual(second.steps, ["1"]);
  });

  it("goes on for the others when one leaves the loop", async () => {
    const work = new Work();
    const second = follow(work);
    work.queue.push({ step: "1" });
    for await (const event of runs.follow({ key: "image", start: work.start })) {
      assert.deepEqual(event, { step: "1" });
      break;
    }
    assert.equal(work.signal?.aborted, false);
    work.queue.end();
    assert.equal(await second.result, "the image");
  });

  it("is aborted when the last has left, who waits for its end", async () => {
    const work = new Work();
    const cancels = [new AbortController(), new AbortController()];
    const followed = cancels.map(({ signal }) => follow({ start: work.start, signal }));
    await settle();
    cancels[0]?.abort();
    await settle();
    assert.equal(work.cleanedUp, false);
    cancels[1]?.abort(new Error("the last"));
    await assert.rejects(followed[1]?.result ?? assert.fail(), /the last/);
    assert.equal(work.signal?.aborted, true);
    assert.equal(work.cleanedUp, true);
  });

  it("is aborted when the last leaves the loop, also if it takes no notice of its signal", async () => {
    let cleanedUp = false;
    const start = async function* (): AsyncGenerator<Event, string> {
      try {
        for (;;) {
          yield { step: "again" };
          await setImmediate();
        }
      } finally {
        cleanedUp = true;
      }
    };
    for await (const event of runs.follow({ key: "image", start })) {
      assert.deepEqual(event, { step: "again" });
      break;
    }
    assert.equal(cleanedUp, true);
  });

  it("starts anew for who comes while it is being aborted", async () => {
    const old = new Work();
    const cancel = new AbortController();
    const leaving = follow({ start: old.start, signal: cancel.signal });
    await settle();
    cancel.abort();
    for (let turn = 0; turn < 5; turn++) {
      await Promise.resolve();
    }
    assert.deepEqual([old.signal?.aborted, old.cleanedUp], [true, false]);
    const work = new Work();
    const next = follow(work);
    work.queue.push({ step: "new" });
    work.queue.end();
    assert.equal(await next.result, "the image");
    assert.deepEqual(next.steps, ["new"]);
    await assert.rejects(leaving.result, { name: "AbortError" });
  });

  it("keeps who has joined although he has not read yet and the first leaves", async () => {
    const work = new Work();
    const cancel = new AbortController();
    const first = follow({ start: work.start, signal: cancel.signal });
    await settle();
    const second = runs.follow({ key: "image", start: work.start, joining: { step: "joined" } });
    assert.deepEqual((await second.next()).value, { step: "joined" });
    cancel.abort();
    await assert.rejects(first.result, { name: "AbortError" });
    work.queue.end();
    assert.deepEqual(await second.next(), { done: true, value: "the image" });
  });

  it("takes no part for who is cancelled already", async () => {
    const work = new Work();
    await assert.rejects(follow({ start: work.start, signal: AbortSignal.abort() }).result, { name: "AbortError" });
    assert.equal(work.started, 0);
  });

  it("joins a run without cache, but does not make do with one that has a cache when none is wanted", async () => {
    const [plain, without] = [new Work(), new Work()];
    const first = follow(plain);
    const second = follow({ start: without.start, noCache: true });
    await settle();
    assert.deepEqual([plain.started, without.started], [1, 1]);
    plain.queue.end();
    await first.result;
    const third = follow(plain);
    without.queue.push({ step: "without cache" });
    without.queue.end();
    await Promise.all([second.result, third.result]);
    assert.deepEqual([third.steps, plain.started], [["without cache"], 1]);
  });

  it("gives each an error of its own, of the same kind", async () => {
    const work = new Work();
    const followed = [follow(work), follow(work)];
    const failure = new ImageBuildError({ step: "RUN false", exitCode: 1, output: "", detail: "it failed" });
    work.queue.push(failure);
    const errors = await Promise.all(
      followed.map(async ({ result }) =>
        result.then(
          () => assert.fail("it did not fail"),
          (error: unknown) => error,
        ),
      ),
    );
    const [first, second] = errors;
    assert.ok(first instanceof ImageBuildError && second instanceof ImageBuildError);
    assert.deepEqual([second.code, second.failure, second.message], [failure.code, failure.failure, failure.message]);
    assert.equal(second.stack, failure.stack);
    Object.assign(first, { message: "spoilt" });
    assert.deepEqual([second.message, failure.message.includes("spoilt")], [failure.message, false]);
  });

  it("gives a failure only after the events before it", async () => {
    const work = new Work();
    const followed = follow(work);
    work.queue.push({ step: "1" });
    work.queue.push(new Error("then"));
    await assert.rejects(followed.result, /then/);
    assert.deepEqual(followed.steps, ["1"]);
  });

  it("does not run far ahead of its readers, but lets none that stands still hold up another", async () => {
    let made = 0;
    const start = async function* (): AsyncGenerator<Event, string> {
      for (; made < 400; made++) {
        yield { text: "x".repeat(10_000) };
        await setImmediate();
      }
      return "the image";
    };
    const standing = runs.follow({ key: "image", start });
    await standing.next();
    for (let turn = 0; turn < 200; turn++) {
      await setImmediate();
    }
    assert.ok(made < 40, String(made));
    const fast = follow({ start });
    assert.equal(await fast.result, "the image");
    assert.equal(fast.steps.length, 400);
    // Standing still has cost text, and it is told how much.
    const rest: Event[] = [];
    for await (const event of standing) {
      rest.push(event);
    }
    const missing = rest.flatMap((event) => ("step" in event ? [Number.parseInt(event.step)] : []));
    const texts = rest.filter((event) => "text" in event).length;
    assert.equal(missing.length, 1);
    assert.equal((missing[0] ?? 0) + texts * 10_000, 399 * 10_000);
    assert.ok(texts * 10_000 <= 1 << 20);
  });
});
