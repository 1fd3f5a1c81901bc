import assert from "node:assert/strict";
import { parseSecretFlag } from "./parseSecretFlag";
import { UsageError } from "./UsageError";

const env = { TOKEN: "canary-5d0e" };

describe("parseSecretFlag", () => {
  for (const [text, expected] of [
    ["id=npm,src=/home/me/.npmrc", { id: "npm", file: "/home/me/.npmrc" }],
    ["id=npm,source=.npmrc", { id: "npm", file: ".npmrc" }],
    ["src=.npmrc,id=npm", { id: "npm", file: ".npmrc" }],
    ["type=file,id=npm,src=.npmrc", { id: "npm", file: ".npmrc" }],
    ["id=npm,env=TOKEN", { id: "npm", env: "TOKEN" }],
    ["id=npm,type=env,env=TOKEN", { id: "npm", env: "TOKEN" }],
    ["type=env,id=npm,src=TOKEN", { id: "npm", env: "TOKEN" }],
    ["ID=npm, SRC=a", { id: "npm", file: "a" }],
    ['id=npm,"src=/a, b"', { id: "npm", file: "/a, b" }],
    ['"id=npm","src=a ""b"""', { id: "npm", file: 'a "b"' }],
    ["id=npm,src=a=b", { id: "npm", file: "a=b" }],
    ["id=TOKEN", { id: "TOKEN", env: "TOKEN" }],
    ["id=OTHER", { id: "OTHER", file: "OTHER" }],
    ["id=TOKEN,type=file", { id: "TOKEN", file: "TOKEN" }],
    ["id=OTHER,type=env", { id: "OTHER", env: "OTHER" }],
    ["id=toString", { id: "toString", file: "toString" }],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseSecretFlag(text, env), expected);
    });
  }

  for (const text of [
    "",
    "npm",
    "src=a",
    "id=",
    "id=a,src",
    "id=a,src=",
    "id=a,b",
    "id=a,file=b",
    "id=a,type=raw",
    "id=a,env=B,src=c",
    "id=a,type=file,env=B",
    'id=a,"src=b',
    "id=a,",
  ]) {
    it(`refuses "${text}" and says what is wanted`, () => {
      assert.throws(
        () => parseSecretFlag(text, env),
        (error) =>
          error instanceof UsageError && /^--secret wants id=ID,src=FILE or id=ID,env=VARIABLE\./.test(error.message),
      );
    });
  }

  it("does not repeat what may be the secret itself", () => {
    for (const text of ["canary-5d0e", "id=npm,value=canary-5d0e", "canary-5d0e,id="]) {
      assert.throws(
        () => parseSecretFlag(text, env),
        (error) => error instanceof UsageError && !error.message.includes("canary"),
      );
    }
  });

  it("takes nothing of a value", () => {
    assert.doesNotMatch(JSON.stringify(parseSecretFlag("id=TOKEN", env)), /canary/);
  });
});
