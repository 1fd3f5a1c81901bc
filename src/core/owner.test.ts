import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fc from "fast-check";
import { currentOwner, formatOwner, ownerState, parseOwner, type Owner } from "./owner";

/** Outside of Linux, processes have neither a boot nor a start that is known. */
const linuxOnly = (test: Mocha.Context): void => {
  if (process.platform !== "linux") {
    test.skip();
  }
};

describe("owner", () => {
  it("is alive as long as this process is", () => {
    assert.equal(ownerState(currentOwner()), "alive");
    assert.equal(currentOwner().pid, process.pid);
  });

  it("is dead once its process has ended", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    const { pid } = child;
    assert.ok(pid !== undefined);
    await once(child, "exit");
    assert.equal(ownerState({ ...currentOwner(), pid }), "dead");
  });

  it("is dead when its pid belongs to another process now", function () {
    linuxOnly(this);
    assert.equal(ownerState({ ...currentOwner(), started: "1" }), "dead");
    assert.equal(ownerState({ ...currentOwner(), started: "" }), "dead");
  });

  it("is dead when the machine was started again since, even if the pid is there", () => {
    assert.equal(ownerState({ ...currentOwner(), boot: "another" }), "dead");
  });

  it("is unknown on another machine, whose processes cannot be seen", () => {
    assert.equal(ownerState({ ...currentOwner(), host: "elsewhere.example", pid: 2 ** 31 - 1 }), "unknown");
  });

  it("is dead for pids that no process can have", () => {
    for (const pid of [2 ** 31 - 1, 2 ** 40]) {
      assert.equal(ownerState({ ...currentOwner(), pid }), "dead", String(pid));
    }
  });

  it("finds its start although the program's name has spaces and parentheses", function () {
    linuxOnly(this);
    const before = currentOwner();
    const { title } = process;
    try {
      process.title = "a) S 1 (b";
      assert.deepEqual(currentOwner(), before);
      assert.match(before.started, /^\d+$/);
      assert.equal(ownerState(before), "alive");
    } finally {
      process.title = title;
    }
  });

  it("is unknown in another namespace of pids, such as a container's", () => {
    assert.equal(ownerState({ ...currentOwner(), pidNamespace: "pid:[1]" }), "unknown");
  });

  it("reads back what it wrote", () => {
    const owner: fc.Arbitrary<Owner> = fc.record(
      { host: fc.string(), boot: fc.string(), pidNamespace: fc.string(), pid: fc.nat(), started: fc.string() },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(owner, (each) => {
        assert.deepEqual(parseOwner(formatOwner(each)), each);
      }),
    );
    assert.equal(ownerState(parseOwner(formatOwner(currentOwner())) ?? assert.fail("not read back")), "alive");
  });

  it("does not take a text that it did not write", () => {
    const whole = currentOwner();
    for (const text of [
      "",
      "1234",
      "null",
      "[]",
      "{}",
      "{",
      '"x"',
      formatOwner(whole).slice(0, -1),
      JSON.stringify({ ...whole, pid: "1" }),
      JSON.stringify({ ...whole, pid: 1.5 }),
    ]) {
      assert.equal(parseOwner(text), undefined, text);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.equal(parseOwner(text), undefined);
      }),
    );
  });
});
