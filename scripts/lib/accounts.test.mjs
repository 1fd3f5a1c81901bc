import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { findUser, uidsOf } from "./accounts.mjs";

const passwd = "root:x:0:0:root:/root:/bin/bash\nslipway-1:x:997:996:,,,:/home/slipway-1:/usr/sbin/nologin\n";

describe("findUser", () => {
  it("finds a user by the whole name", () => {
    assert.deepEqual(findUser("slipway-1", passwd), { uid: 997, gid: 996 });
    assert.equal(findUser("slipway", passwd), undefined);
  });
});

describe("uidsOf", () => {
  const isOwn = uidsOf("slipway-1", 997, "other:100000:65536\nslipway-1:165536:65536\n997:300000:2\n");

  it("has the user's own and its containers'", () =>
    assert.deepEqual([997, 165536, 231071, 300001].map(isOwn), [true, true, true, true]));

  it("has nobody else's", () =>
    assert.deepEqual([0, 996, 100000, 165535, 231072, 300002].map(isOwn), [false, false, false, false, false, false]));
});
