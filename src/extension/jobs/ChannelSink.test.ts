import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ChannelSink } from "./ChannelSink";

describe("ChannelSink", () => {
  const pieces: string[] = [];
  const channel = {
    append: (text: string) => {
      pieces.push(text);
    },
    show: () => undefined,
  };

  beforeEach(() => {
    pieces.length = 0;
  });

  it("loses and reorders nothing of 200,000 lines, and lets others run in between", async () => {
    const sink = new ChannelSink(channel);
    let turns = 0;
    const others = setInterval(() => turns++, 1);
    const lines = Array.from({ length: 200_000 }, (_, index) => `line ${String(index)}\n`);
    for (const line of lines) {
      await sink.append(line);
    }
    clearInterval(others);
    sink.flush();
    assert.equal(pieces.join(""), lines.join(""));
    assert.ok(pieces.length < 100, `${String(pieces.length)} pieces`);
    assert.ok(Math.max(...pieces.map(({ length }) => length)) < 100_000);
    assert.ok(turns > 0, "others had no turn");
  });

  it("writes a little output soon, too", async () => {
    const sink = new ChannelSink(channel);
    assert.equal(sink.append("a"), undefined);
    assert.equal(sink.append("b"), undefined);
    assert.deepEqual(pieces, []);
    for (let attempt = 0; pieces.length === 0 && attempt < 100; attempt++) {
      await sleep(10);
    }
    assert.deepEqual(pieces, ["ab"]);
  });

  it("puts what Slipway says on a line of its own, in its place", () => {
    const sink = new ChannelSink(channel);
    void sink.append("no end");
    sink.line("heading");
    void sink.append("an end\n");
    sink.line("last");
    assert.equal(pieces.join(""), "no end\nheading\nan end\nlast\n");
  });
});
