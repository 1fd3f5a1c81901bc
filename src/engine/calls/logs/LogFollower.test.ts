import assert from "node:assert/strict";
import fc from "fast-check";
import type { LogEntry } from "./LogEntry";
import { LogFollower } from "./LogFollower";

describe("LogFollower", () => {
  /** Logs as an engine has them, read from a time on. */
  const reading = async function* (log: readonly LogEntry[], since: number | undefined): AsyncGenerator<LogEntry> {
    for (const entry of log.filter(({ second }) => since === undefined || second * 1000 >= since)) {
      await Promise.resolve();
      yield entry;
    }
  };
  const entry = (second: number, text: string): LogEntry => ({ stream: "stdout", data: Buffer.from(text), second });
  const readAll = async (follower: LogFollower, log: readonly LogEntry[], last = false): Promise<readonly string[]> => {
    const given: string[] = [];
    for await (const { data } of follower.read(reading(log, follower.since), last)) {
      given.push(Buffer.from(data).toString());
    }
    return given;
  };

  it("gives every entry once, in order, however the readings fall", async () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 3 })), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, fc.option(fc.nat({ max: 5 }), { nil: undefined }), async (plan, tail) => {
        const follower = new LogFollower(undefined);
        const log: LogEntry[] = [];
        const given: string[] = [];
        let second = 1000;
        let begun = 0;
        const [start = [0, 0], ...rest] = plan;
        for (const [index, [pause, count]] of [start, ...rest].entries()) {
          second += pause;
          for (let written = 0; written < count; written++) {
            log.push(entry(second, `${String(log.length)}\n`));
          }
          if (index === 0 && tail !== undefined) {
            begun = Math.max(0, log.length - tail);
            for (const { data } of await follower.begin(reading(log, follower.since), tail)) {
              given.push(Buffer.from(data).toString());
            }
          } else {
            given.push(...(await readAll(follower, log)));
          }
        }
        given.push(...(await readAll(follower, log, true)));
        assert.deepEqual(
          given,
          log.slice(begun).map(({ data }) => Buffer.from(data).toString()),
        );
      }),
    );
  });

  it("gives an entry that is still being written once it is whole", async () => {
    const follower = new LogFollower(undefined);
    assert.deepEqual(await readAll(follower, [entry(1, "fir")]), []);
    assert.equal(follower.waits, true);
    assert.deepEqual(await readAll(follower, [entry(1, "first\n")]), []);
    assert.deepEqual(await readAll(follower, [entry(1, "first\n")]), ["first\n"]);
    assert.equal(follower.waits, false);
    assert.deepEqual(await readAll(follower, [entry(1, "first\n"), entry(1, "x"), entry(2, "y")]), ["x"]);
    assert.deepEqual(await readAll(follower, [entry(1, "first\n"), entry(1, "x"), entry(2, "y")]), ["y"]);
  });

  it("finds what was written after the clock was set back a little", async () => {
    const follower = new LogFollower(undefined);
    const log = [entry(100, "a\n"), entry(99, "b\n"), entry(100, "c\n")];
    assert.deepEqual(await readAll(follower, log.slice(0, 1), true), ["a\n"]);
    assert.deepEqual(await readAll(follower, log, true), ["b\n", "c\n"]);
  });

  it("reads only from the last seconds on, and never from before what was asked for", async () => {
    const follower = new LogFollower(5_500);
    await readAll(follower, [entry(6, "a\n")], true);
    assert.equal(follower.since, 5_500);
    await readAll(follower, [entry(6, "a\n"), entry(60, "b\n")], true);
    assert.equal(follower.since, 59_000);
  });

  it("begins anew where logs were, and not where one reading was short", async () => {
    const follower = new LogFollower(undefined);
    const log = [entry(1, "a\n"), entry(1, "b\n")];
    assert.deepEqual(await readAll(follower, log, true), ["a\n", "b\n"]);
    assert.deepEqual(await readAll(follower, log.slice(0, 1)), []);
    assert.equal(follower.waits, true);
    assert.deepEqual(await readAll(follower, [...log, entry(1, "c\n")], true), ["c\n"]);
    const anew = [entry(2, "d\n")];
    assert.deepEqual(await readAll(follower, anew, true), []);
    assert.deepEqual(await readAll(follower, anew, true), []);
    assert.deepEqual(await readAll(follower, anew, true), ["d\n"]);
  });
});
