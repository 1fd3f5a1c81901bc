import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { walkFolder } from "./walkFolder";

describe("walkFolder", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-walk-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("lets others run while it looks at much that is not asked for", async () => {
    for (let index = 0; index < 10; index++) {
      writeFileSync(join(folder, String(index)), "");
    }
    const slow = (): boolean => {
      const end = performance.now() + 2;
      let now = performance.now();
      while (now < end) {
        now = performance.now();
      }
      return false;
    };
    const pattern = { matches: slow, mayMatchBelow: () => true };
    let turns = 0;
    const count = (): void => {
      turns++;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    try {
      const found = await walkFolder({ folder, pattern, onSkipped: () => undefined }).next();
      assert.equal(found.done, true);
      assert.ok(turns > 0);
    } finally {
      clearImmediate(timer);
    }
  });
});
