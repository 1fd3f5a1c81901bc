import assert from "node:assert/strict";
import fc from "fast-check";
import { EventLog, type LogReader } from "./EventLog";

type Event = { readonly keep: number } | { readonly text: string } | { readonly gap: number };

function logOf(limit: number): EventLog<Event> {
  return new EventLog<Event>(
    {
      droppable: (event) => ("text" in event ? event.text.length : undefined),
      gap: (gap) => ({ gap }),
    },
    limit,
  );
}

function readAll(reader: LogReader<Event>): readonly Event[] {
  const events: Event[] = [];
  for (let event = reader.next(); event !== undefined; event = reader.next()) {
    events.push(event);
  }
  return events;
}

describe("EventLog", () => {
  it("gives who comes late all that must stay, the newest text, and how much is missing where", () => {
    const log = logOf(400);
    log.push({ keep: 1 });
    log.push({ text: "aaa" });
    log.push({ text: "bbbb" });
    log.push({ keep: 2 });
    log.push({ text: "c" });
    log.push({ keep: 3 });
    log.push({ text: "dd" });
    log.push({ text: "e" });
    assert.deepEqual(readAll(log.reader()), [
      { keep: 1 },
      { gap: 7 },
      { keep: 2 },
      { text: "c" },
      { keep: 3 },
      { text: "dd" },
      { text: "e" },
    ]);
  });

  it("keeps the newest text whatever its length", () => {
    const log = logOf(10);
    log.push({ text: "a" });
    log.push({ text: "much longer than ten" });
    assert.deepEqual(readAll(log.reader()), [{ gap: 1 }, { text: "much longer than ten" }]);
  });

  it("loses nothing for readers, and tells exactly what it could not keep", () => {
    const step = fc.oneof(
      fc.record({ keep: fc.nat() }, { noNullPrototype: true }),
      fc.record({ text: fc.string({ maxLength: 300 }) }, { noNullPrototype: true }),
      fc.constant("read" as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 2_000 }), (steps, limit) => {
        const log = logOf(limit);
        const reader = log.reader();
        const written: Event[] = [];
        const read: Event[] = [];
        for (const each of steps) {
          if (each !== "read") {
            log.push(each);
            written.push(each);
          } else {
            const event = reader.next();
            read.push(...(event === undefined ? [] : [event]));
          }
        }
        read.push(...readAll(reader));
        for (const got of [read, readAll(log.reader())]) {
          const kept = (events: readonly Event[]): readonly Event[] => events.filter((event) => "keep" in event);
          assert.deepEqual(kept(got), kept(written));
          const length = (events: readonly Event[]): number =>
            events.reduce((sum, e) => sum + ("text" in e ? e.text.length : "gap" in e ? e.gap : 0), 0);
          assert.equal(length(got), length(written));
          const texts = got.flatMap((event) => ("text" in event ? [event.text] : []));
          const all = written.flatMap((event) => ("text" in event ? [event.text] : []));
          // What is there is there in order.
          let at = 0;
          for (const text of texts) {
            at = all.indexOf(text, at) + 1;
            assert.ok(at > 0);
          }
        }
        assert.equal(reader.behind(), 0);
      }),
    );
  });

  it("holds no more than its limit for a reader that stands still", () => {
    const log = logOf(10_000);
    const reader = log.reader();
    for (let n = 0; n < 1_000; n++) {
      log.push({ text: "x".repeat(100) });
      if (n < 10) {
        reader.next();
      }
    }
    const rest = readAll(reader);
    assert.deepEqual(rest[0], { gap: 100 * (990 - 50) });
    assert.equal(rest.length, 51);
  });
});
