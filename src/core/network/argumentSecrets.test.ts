import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { Redactor } from "../redact/Redactor";
import { argumentSecrets, maskArgument } from "./argumentSecrets";

const digest = async (text: string): Promise<string> =>
  Promise.resolve(createHash("sha256").update(text).digest("hex").slice(0, 16));
const TOKEN = "ghp_0123456789abcdef";

describe("maskArgument", () => {
  for (const [name, value, masked] of [
    ["HTTP_PROXY", "http://me:secret@proxy:3128", "http://me:***@proxy:3128"],
    ["HTTP_PROXY", "http://me:se/cr@et@proxy:3128/", "http://me:***@proxy:3128/"],
    ["https_proxy", "me:secret@proxy:3128", "me:***@proxy:3128"],
    ["ALL_PROXY", "http://token@proxy", "http://***@proxy"],
    ["URLS", "see http://a:b@c and HTTPS://:x@[::1]:1", "see http://a:***@c and HTTPS://:***@[::1]:1"],
    ["URL", `https://${TOKEN}@github.com/a/b`, "https://***@github.com/a/b"],
    ["URL", `https://${TOKEN}:x-oauth-basic@github.com`, "https://***:***@github.com"],
  ] as const) {
    it(`hides what ${name}=${value} must not show, and tells another value apart`, async () => {
      const shown = await maskArgument(name, value, digest);
      assert.ok(shown.startsWith(`${masked} (`), shown);
      assert.match(shown.slice(masked.length), /^ \([0-9a-f]{16}\)$/);
      assert.notEqual(shown, await maskArgument(name, value.replace("@", "2@"), digest));
    });
  }

  for (const [name, value] of [
    ["VERSION", "1.2"],
    ["NAME", "npm:left-pad@1.0"],
    ["URL", "http://proxy:3128/a@b:c@d"],
    ["REPOSITORY", "ssh://git@github.com/a/b"],
    ["REPOSITORY", "git+ssh://git@github.com/a/b"],
    ["NO_PROXY", "localhost,.example.com"],
    ["HTTP_PROXY", "http://proxy:3128"],
  ] as const) {
    it(`leaves ${name}=${value} as it is`, async () => {
      assert.equal(await maskArgument(name, value, digest), value);
      assert.deepEqual(argumentSecrets(name, value), []);
    });
  }

  it("never shows the password", async () => {
    const name = fc.stringMatching(/^[A-Za-z0-9!$&'()*+,;=._~%-]{1,20}$/);
    const word = fc.stringMatching(/^[A-Za-z0-9!"$&'()*+,;=._~%#?/@-]{6,20}$/);
    await fc.assert(
      fc.asyncProperty(name, word, async (user, password) => {
        fc.pre(!`http://${user}:***@proxy.example:3128`.includes(password));
        const value = `http://${user}:${password}@proxy.example:3128`;
        assert.ok(!(await maskArgument("ALL_PROXY", value, digest)).includes(password));
        const redactor = new Redactor(argumentSecrets("ALL_PROXY", value));
        assert.ok(!redactor.redact(`proxy=${value}\n`).includes(password));
      }),
    );
  });
});

describe("argumentSecrets", () => {
  const redacted = (value: string, text: string): string =>
    new Redactor(argumentSecrets("HTTP_PROXY", value)).redact(text);

  it("are hidden with their user, alone, decoded, and as the header that they become", () => {
    const header = Buffer.from("me:s3cr@t").toString("base64");
    assert.equal(
      redacted("http://me:s3cr%40t@proxy", `me:s3cr%40t@proxy s3cr%40t s3cr@t Basic ${header}`),
      `me:***@proxy *** *** Basic ***${"=".repeat((header.match(/=/g) ?? []).length)}`,
    );
    assert.equal(redacted(`http://${TOKEN}@proxy`, TOKEN), "***");
  });

  it("are not hidden alone where they are too short to be told from other words", () => {
    assert.equal(redacted("http://me:run@proxy", "run me:run@proxy"), "run me:***@proxy");
    assert.equal(redacted("http://somebody@proxy", "somebody somebody@proxy"), "somebody ***@proxy");
  });
});
