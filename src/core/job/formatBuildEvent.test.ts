import assert from "node:assert/strict";
import fc from "fast-check";
import type { BuildEvent } from "../ports/BuildEvent";
import { formatBuildEvent } from "./formatBuildEvent";

const step = (id: string, state: (BuildEvent & { type: "step" })["state"], durationMs?: number): BuildEvent => ({
  type: "step",
  id,
  name: `[${id}] RUN ${id}`,
  state,
  ...(durationMs === undefined ? {} : { durationMs }),
});
const output = (stepId: string | undefined, text: string): BuildEvent => ({ type: "output", stepId, text });

function log(...events: readonly BuildEvent[]): string {
  const format = formatBuildEvent();
  return events.map((event) => format(event)).join("");
}

describe("formatBuildEvent", () => {
  it("writes a step's name, its output and how it ended", () => {
    assert.equal(
      log(step("1", "started"), output("1", "hello\n"), step("1", "finished", 1400)),
      "[1] RUN 1\nhello\n  finished (1.4 s)\n",
    );
    assert.equal(log(step("1", "started"), step("1", "failed", 9)), "[1] RUN 1\n  failed (9 ms)\n");
    assert.equal(log(step("1", "started"), step("1", "cached", 9)), "[1] RUN 1\n  cached\n");
  });

  it("names the step that ends without having been the last to write", () => {
    assert.equal(log(step("1", "cached")), "  [1] RUN 1: cached\n");
    assert.equal(
      log(step("1", "started"), step("2", "started"), step("1", "finished", 5), step("2", "finished", 5)),
      "[1] RUN 1\n[2] RUN 2\n  [1] RUN 1: finished (5 ms)\n  [2] RUN 2: finished (5 ms)\n",
    );
  });

  it("puts a heading before output of another step than the one before", () => {
    assert.equal(
      log(step("1", "started"), step("2", "started"), output("1", "a\n"), output("1", "b\n"), output("2", "c\n")),
      "[1] RUN 1\n[2] RUN 2\n[1] RUN 1\na\nb\n[2] RUN 2\nc\n",
    );
  });

  it("joins pieces of a line, and ends a line that something else interrupts", () => {
    assert.equal(
      log(step("1", "started"), output("1", "ab"), output("1", "c\nd"), step("1", "finished")),
      "[1] RUN 1\nabc\nd\n  finished\n",
    );
    assert.equal(
      log(step("1", "started"), step("2", "started"), output("1", "half"), output("2", "other\n")),
      "[1] RUN 1\n[2] RUN 2\n[1] RUN 1\nhalf\n[2] RUN 2\nother\n",
    );
    assert.equal(log(output(undefined, "half"), { type: "warning", message: "x" }), "half\nwarning: x\n");
  });

  it("writes output that belongs to no step where it comes", () => {
    assert.equal(log(step("1", "started"), output(undefined, "a\n"), output("1", "b\n")), "[1] RUN 1\na\nb\n");
  });

  it("writes warnings and the image", () => {
    assert.equal(
      log({ type: "warning", message: "old syntax" }, { type: "image", imageId: "sha256:1" }),
      "warning: old syntax\nimage sha256:1\n",
    );
  });

  it("writes progress in readable units", () => {
    assert.equal(log({ type: "progress", message: "pulling" }), "  pulling\n");
    assert.equal(log({ type: "progress", message: "a", current: 1500 }), "  a 1.5 kB\n");
    assert.equal(log({ type: "progress", message: "a", current: 1500, total: 2_500_000 }), "  a 1.5 kB of 2.5 MB\n");
  });

  it("writes how far a thing came in the end, however soon, unless it has written that already", () => {
    const event: BuildEvent = { type: "progress", message: "a", current: 10 };
    const write = formatBuildEvent();
    const texts = [
      event,
      { ...event, current: 20 },
      { ...event, current: 30, last: true },
      { ...event, current: 30, last: true },
    ];
    assert.deepEqual(texts.map(write), ["  a 10 bytes\n", "", "  a 30 bytes\n", ""]);
  });

  it("writes progress of one thing now and then only, whatever else makes progress meanwhile", () => {
    const events = Array.from({ length: 50 }, (_, index): BuildEvent => ({
      type: "progress",
      message: index % 2 === 0 ? "a" : "b",
      current: index,
    }));
    assert.equal(log(...events), "  a 0 bytes\n  b 1 bytes\n");
  });

  it("keeps logs of different builds apart", () => {
    const first = formatBuildEvent();
    const second = formatBuildEvent();
    first(output(undefined, "half"));
    assert.equal(second({ type: "warning", message: "x" }), "warning: x\n");
  });

  it("loses no output, whatever the order of events", () => {
    const id = fc.constantFrom("1", "2", "3");
    const event: fc.Arbitrary<BuildEvent> = fc.oneof(
      fc
        .tuple(id, fc.constantFrom("started" as const, "finished" as const))
        .map(([which, state]) => step(which, state)),
      fc.tuple(id, fc.constantFrom("x", "x\n", "x\ny", "\n")).map(([which, text]) => output(which, text)),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const format = formatBuildEvent();
        let midLine = false;
        for (const each of events) {
          const text = format(each);
          if (each.type === "output") {
            assert.ok(text.endsWith(each.text));
            midLine = !each.text.endsWith("\n");
          } else {
            assert.ok(text.endsWith("\n") && text.startsWith("\n") === midLine, JSON.stringify(text));
            midLine = false;
          }
        }
      }),
    );
  });
});
