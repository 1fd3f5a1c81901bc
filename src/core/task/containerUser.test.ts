import assert from "node:assert/strict";
import { containerUser } from "./containerUser";

describe("containerUser", () => {
  it("takes a name and numbers as they are", () => {
    assert.deepEqual(containerUser("node"), { kind: "named", name: "node" });
    assert.deepEqual(containerUser("1000:100"), { kind: "named", name: "1000:100" });
  });

  it("takes the one who asks for the host's user", () => {
    assert.deepEqual(containerUser("host", { uid: 1000, gid: 100 }), { kind: "host", uid: 1000, gid: 100 });
    assert.deepEqual(containerUser("host"), { kind: "host", uid: process.getuid?.(), gid: process.getgid?.() });
  });
});
