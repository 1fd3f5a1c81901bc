import assert from "node:assert/strict";
import { AsyncQueue } from "../../../core/ports/AsyncQueue";
import { LogWatch } from "./LogWatch";

describe("LogWatch", () => {
  const idle = { soon: false, costMs: 0 };

  it("tells soon of a line, and of the end at once", async () => {
    const lines = new AsyncQueue<string>();
    const watch = new LogWatch(async () => Promise.resolve(lines), undefined);
    const started = performance.now();
    lines.push("a");
    await watch.next(idle);
    assert.equal(watch.hasEnded, false);
    lines.end();
    await watch.next(idle);
    assert.equal(watch.hasEnded, true);
    assert.ok(performance.now() - started < 1000);
    watch.close();
  });

  it("tells by itself where something is to be confirmed", async () => {
    const watch = new LogWatch(async () => Promise.resolve(new AsyncQueue<string>()), undefined);
    const started = performance.now();
    await watch.next({ soon: true, costMs: 0 });
    assert.ok(performance.now() - started < 1000);
    watch.close();
  });

  it("rejects as following does, and with the signal's reason", async () => {
    const failure = new Error("the engine is lost");
    await assert.rejects(new LogWatch(async () => Promise.reject(failure), undefined).next(idle), failure);
    const controller = new AbortController();
    const watch = new LogWatch(async () => Promise.resolve(new AsyncQueue<string>()), controller.signal);
    const next = watch.next(idle);
    const reason = new Error("changed my mind");
    controller.abort(reason);
    await assert.rejects(next, reason);
  });
});
