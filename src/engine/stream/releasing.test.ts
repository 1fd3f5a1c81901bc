import assert from "node:assert/strict";
import { leave, releasing } from "./releasing";

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even where all of it is there
async function* two(onEnd: () => void): AsyncGenerator<number> {
  try {
    yield 1;
    yield 2;
  } finally {
    onEnd();
  }
}

describe("releasing", () => {
  it("lets go of what was never begun, through each generator on the way", async () => {
    let released = 0;
    const inner = releasing(
      two(() => undefined),
      () => released++,
    );
    const outer = releasing(
      two(() => undefined),
      async () => leave(inner),
    );
    await leave(outer);
    assert.equal(released, 1);
    assert.deepEqual(await outer.next(), { value: undefined, done: true });
  });

  it("lets go of what is left in the middle", async () => {
    const ends: string[] = [];
    const values = releasing(
      two(() => ends.push("own")),
      () => ends.push("source"),
    );
    for await (const value of values) {
      assert.equal(value, 1);
      break;
    }
    assert.deepEqual(ends, ["source", "own"]);
  });

  it("changes nothing for who reads to the end", async () => {
    const seen: number[] = [];
    for await (const value of releasing(
      two(() => undefined),
      () => assert.fail(),
    )) {
      seen.push(value);
    }
    assert.deepEqual(seen, [1, 2]);
  });
});
