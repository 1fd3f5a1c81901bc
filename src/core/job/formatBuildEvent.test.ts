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

  it("writes progress without a size at once", () => {
    assert.equal(log({ type: "progress", message: "pulling" }), "  pulling\n");
  });

  it("writes nothing of what is small: every build sends its Dockerfile", () => {
    const small: BuildEvent = { type: "progress", message: "transferring dockerfile:", current: 29 };
    assert.equal(log(small, { ...small, total: 999_999 }, { ...small, current: 999_999, last: true }), "");
  });

  describe("of what is large", () => {
    const event = { type: "progress", message: "transferring context:" } as const;
    let now: number;
    const real = performance.now.bind(performance);
    before(() => {
      performance.now = () => now;
    });
    beforeEach(() => {
      now = 5_000;
    });
    after(() => {
      performance.now = real;
    });

    it("writes only how far it came in the end where it was there at once, in readable units", () => {
      const write = formatBuildEvent();
      const last: BuildEvent = { ...event, current: 2_500_000, last: true };
      const texts = [{ ...event, current: 1_500_000 }, last, last].map(write);
      assert.deepEqual(texts, ["", "  transferring context: 2.5 MB\n", ""]);
    });

    it("writes how far it has come where it takes long, now and then", () => {
      const write = formatBuildEvent();
      const texts = [0, 500, 1_001, 1_500, 2_000, 2_002].map((after) => {
        now = 5_000 + after;
        return write({ ...event, current: after, total: 3_000_000 });
      });
      const words = "  transferring context:";
      assert.deepEqual(texts, ["", "", `${words} 1.0 kB of 3.0 MB\n`, "", "", `${words} 2.0 kB of 3.0 MB\n`]);
    });

    it("tells things apart that make progress at the same time", () => {
      const write = formatBuildEvent();
      const texts = [0, 600, 1_200, 1_800].map((after) => {
        now = 5_000 + after;
        return write({ type: "progress", message: after % 1_200 === 0 ? "a" : "b", current: 2_000_000 });
      });
      assert.deepEqual(texts, ["", "", "  a 2.0 MB\n", "  b 2.0 MB\n"]);
    });
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
