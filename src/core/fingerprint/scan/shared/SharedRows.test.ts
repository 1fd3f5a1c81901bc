import assert from "node:assert/strict";
import { SharedRows } from "./SharedRows";

const nothing = (): void => undefined;

describe("SharedRows", () => {
  it("gives each row to one of those who work on them", () => {
    const rows = SharedRows.of(10, 3);
    const other = new SharedRows(rows.data, 3);
    const done: string[] = [];
    rows.work((row) => {
      done.push(`a${String(row)}`);
      if (row === 2) {
        other.work((later) => done.push(`b${String(later)}`));
      }
      return 1;
    });
    assert.deepEqual(done, ["a0", "a1", "a2", "b3", "b4", "b5", "b6", "b7", "b8", "b9"]);
    assert.deepEqual([rows.stateOf(0), rows.stateOf(3)], [1, 4]);
    assert.ok(rows.isDone);
    rows.wait(nothing);
  });

  it("does not wait for ever for what another has taken", () => {
    const rows = SharedRows.of(2, 1);
    const other = new SharedRows(rows.data, 1);
    assert.throws(() => {
      other.work(() => {
        throw new Error("died");
      });
    });
    rows.work(() => 1);
    rows.wait(nothing);
    assert.deepEqual([rows.stateOf(0), rows.stateOf(1)], [0, 1]);
  });

  it("waits no longer than it may", () => {
    const rows = SharedRows.of(1, 1);
    const enough = new Error("enough");
    assert.throws(() => {
      rows.wait(() => {
        throw enough;
      });
    }, enough);
  });

  it("ends the work of all once it is closed", () => {
    const rows = SharedRows.of(9, 1);
    const other = new SharedRows(rows.data, 1);
    let count = 0;
    rows.work(() => {
      other.close();
      return ++count;
    });
    assert.equal(count, 1);
    assert.ok(rows.isClosed && !rows.isDone);
  });
});
