import assert from "node:assert/strict";
import { parseStoredLogin } from "./parseStoredLogin";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("parseStoredLogin", () => {
  for (const [what, entry, expected] of [
    ["name and password", { auth: base64("me:secret") }, { kind: "password", username: "me", password: "secret" }],
    ["a password with colons", { auth: base64("me:a:b:") }, { kind: "password", username: "me", password: "a:b:" }],
    ["what docker pads", { auth: base64("me:secret\0\0") }, { kind: "password", username: "me", password: "secret" }],
    ["plain fields", { username: "me", password: "ö" }, { kind: "password", username: "me", password: "ö" }],
    ["an identity token", { identitytoken: "t0k" }, { kind: "identity-token", token: "t0k" }],
    [
      "a token beside the name that goes with it",
      { auth: base64("00000000-0000-0000-0000-000000000000:"), identitytoken: "t0k" },
      { kind: "identity-token", token: "t0k" },
    ],
    ["a login that is kept elsewhere", {}, "none"],
    ["an empty one", { auth: "" }, "none"],
    ["only a name", { username: "me" }, "none"],
    ["what is not base64 of a name and a password", { auth: "%%%" }, "invalid"],
    ["no name", { auth: base64(":secret") }, "invalid"],
    ["a number", { auth: 1 }, "invalid"],
    ["a list", ["x"], "invalid"],
    ["nothing", null, "invalid"],
  ] as const) {
    it(`reads ${what}`, () => {
      assert.deepEqual(parseStoredLogin(entry), expected);
    });
  }
});
