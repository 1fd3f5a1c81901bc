import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { HeadStart } from "./HeadStart";

describe("HeadStart", () => {
  /** Writes down how far it has come. */
  const work = (done: string[], events: readonly string[] = ["a", "b"]) =>
    async function* (signal: AbortSignal): AsyncGenerator<string, number> {
      try {
        for (const event of events) {
          done.push(event);
          yield event;
        }
        await setTimeout(1);
        signal.throwIfAborted();
        return events.length;
      } finally {
        done.push("end");
      }
    };
  const read = async (events: AsyncGenerator<string, number>): Promise<readonly (string | number)[]> => {
    const all: (string | number)[] = [];
    for (;;) {
      const next = await events.next();
      all.push(next.value);
      if (next.done === true) {
        return all;
      }
    }
  };

  it("runs to its first event before anybody asks, and then gives all events and the result", async () => {
    const done: string[] = [];
    const start = new HeadStart(work(done), undefined);
    await start.underWay(60_000);
    assert.deepEqual(done, ["a"]);
    assert.deepEqual(await read(start.follow()), ["a", "b", 2]);
    await start.stop();
    assert.deepEqual(done, ["a", "b", "end"]);
  });

  it("has a result also without events", async () => {
    const start = new HeadStart(work([], []), undefined);
    await start.underWay(60_000);
    assert.deepEqual(await read(start.follow()), [0]);
  });

  it("is not waited for longer than is said", async () => {
    const start = new HeadStart(async function* (signal: AbortSignal): AsyncGenerator<string, number> {
      await setTimeout(60_000, undefined, { signal });
      yield "late";
      return 0;
    }, undefined);
    await start.underWay(1);
    await start.stop();
  });

  it("ends when it is stopped: before its first event, at it, and with nobody who follows any more", async () => {
    for (const follow of [false, true]) {
      const done: string[] = [];
      const start = new HeadStart(work(done), undefined);
      const events = start.follow();
      if (follow) {
        await events.next();
      }
      await start.stop();
      assert.deepEqual(done, ["a", "end"]);
    }
    const waiting = new HeadStart(work([], []), undefined);
    await waiting.stop();
  });

  it("ends with the signal, with its reason", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const start = new HeadStart(work([], []), controller.signal);
    controller.abort(reason);
    await assert.rejects(read(start.follow()), reason);
    await start.stop();
  });

  it("tells of a failure when its turn comes, and never otherwise", async () => {
    const failure = new Error("no");
    const fail = async function* (): AsyncGenerator<string, number> {
      await Promise.resolve();
      yield* [];
      throw failure;
    };
    const told = new HeadStart(fail, undefined);
    await told.underWay(60_000);
    await setTimeout(1);
    await assert.rejects(read(told.follow()), failure);
    let unhandled = 0;
    const count = (): number => unhandled++;
    process.on("unhandledRejection", count);
    const untold = new HeadStart(fail, undefined);
    // Long enough for Node.js to find a failure that nobody listens for.
    await setTimeout(1);
    await untold.stop();
    process.off("unhandledRejection", count);
    assert.equal(unhandled, 0);
  });
});
