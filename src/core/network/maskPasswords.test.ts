import assert from "node:assert/strict";
import fc from "fast-check";
import { maskArgument, maskPasswords, passwordMask } from "./maskPasswords";

describe("maskPasswords", () => {
  for (const [text, masked] of [
    ["http://me:secret@proxy:3128", "http://me:***@proxy:3128"],
    ["http://me:se@cret@proxy:3128/", "http://me:***@proxy:3128/"],
    ["see http://a:b@c and HTTPS://:x@[::1]:1", "see http://a:***@c and HTTPS://:***@[::1]:1"],
    ["http://proxy:3128", "http://proxy:3128"],
    ["http://me@proxy:3128", "http://me@proxy:3128"],
    ["http://proxy:3128/a@b:c@d", "http://proxy:3128/a@b:c@d"],
    ["npm:left-pad@1.0", "npm:left-pad@1.0"],
  ] as const) {
    it(`of ${text}`, () => {
      assert.equal(maskPasswords(text), masked);
    });
  }
});

describe("maskArgument", () => {
  it("leaves what has no password as it is", () => {
    assert.equal(maskArgument("VERSION", "1.2"), "1.2");
    assert.equal(maskArgument("NAME", "npm:left-pad@1.0"), "npm:left-pad@1.0");
  });

  it("makes another text of another password", () => {
    const one = maskArgument("HTTP_PROXY", "http://me:one@proxy");
    assert.match(one, /^http:\/\/me:\*\*\*@proxy \([0-9a-f]{8}\)$/);
    assert.notEqual(one, maskArgument("HTTP_PROXY", "http://me:two@proxy"));
  });

  it("knows a proxy without a scheme", () => {
    assert.match(maskArgument("https_proxy", "me:secret@proxy:3128"), /^me:\*\*\*@proxy:3128 /);
  });

  it("never shows the password", () => {
    const name = fc.stringMatching(/^[A-Za-z0-9!$&'()*+,;=._~%-]{1,20}$/);
    const word = fc.stringMatching(/^[A-Za-z0-9!"$&'()*+,;=._~%#?/@-]{6,20}$/);
    fc.assert(
      fc.property(name, word, (user, password) => {
        fc.pre(!user.includes(password) && !"http://:***@proxy.example:3128".includes(password));
        return !maskArgument("ALL_PROXY", `http://${user}:${password}@proxy.example:3128`).includes(password);
      }),
    );
  });
});

describe("passwordMask", () => {
  it("takes a proxy's password out of what a builder says", () => {
    const mask = passwordMask(["http://me:secret@proxy:3128", "b:other@proxy", "localhost"]);
    assert.equal(mask("RUN curl -x http://me:secret@proxy:3128 x"), "RUN curl -x http://me:***@proxy:3128 x");
    assert.equal(mask("HTTP_PROXY=http://me:secret@proxy:3128\n"), "HTTP_PROXY=http://me:***@proxy:3128\n");
    assert.equal(mask("ALL_PROXY=b:other@proxy"), "ALL_PROXY=b:***@proxy");
  });

  it("changes nothing where there is none", () => {
    assert.equal(passwordMask(["http://proxy"])("git clone https://a:b@host"), "git clone https://a:b@host");
  });
});
