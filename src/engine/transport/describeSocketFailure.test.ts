import assert from "node:assert/strict";
import { describeSocketFailure, type Stat } from "./describeSocketFailure";

const found = (kind: "socket" | "folder" | "file", more: object = {}): ReturnType<Stat> => ({
  isSocket: () => kind === "socket",
  isDirectory: () => kind === "folder",
  ...{ mode: 0o140660, uid: 0, gid: 996, ...more },
});

describe("describeSocketFailure", () => {
  for (const [code, stat, expected] of [
    ["ECONNREFUSED", found("socket"), undefined],
    ["ECONNREFUSED", undefined, undefined],
    ["ECONNREFUSED", found("folder"), "bad-address: this is a folder, not a socket"],
    ["ENOTSOCK", found("file"), "bad-address: this is a file, not a socket"],
    ["EACCES", found("folder"), "bad-address: this is a folder, not a socket"],
    ["ENOTDIR", undefined, "not-found: there is no such socket: a part of its path is a file, not a folder"],
    ["EACCES", undefined, "no-permission: permission denied: a folder on the way to the socket is closed to you"],
    [
      "EACCES",
      found("socket"),
      "no-permission: permission denied: the socket is for root and the members of group 996 only",
    ],
    [
      "EPERM",
      found("socket", { mode: 0o140600, uid: 1001 }),
      "no-permission: permission denied: the socket is for the user with number 1001 only",
    ],
    ["ENOENT", undefined, undefined],
  ] as const) {
    it(`says ${expected ?? "nothing"} of ${code} where there is ${stat === undefined ? "nothing to see" : "something"}`, () => {
      const reason = describeSocketFailure(code, "/s", () => stat);
      assert.equal(reason === undefined ? undefined : `${reason.problem}: ${reason.detail}`, expected);
    });
  }
});
