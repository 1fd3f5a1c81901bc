import assert from "node:assert/strict";
import { ownProxies, proxiesFor, withProxies } from "./proxyVariables";

describe("proxiesFor", () => {
  it("sets each variable in upper and lower case", () => {
    const section = { httpProxy: "http://h", httpsProxy: "http://s", noProxy: "n", ftpProxy: "f", allProxy: "a" };
    assert.deepEqual(proxiesFor({ default: section }, "unix:///x"), {
      HTTP_PROXY: "http://h",
      http_proxy: "http://h",
      HTTPS_PROXY: "http://s",
      https_proxy: "http://s",
      NO_PROXY: "n",
      no_proxy: "n",
      FTP_PROXY: "f",
      ftp_proxy: "f",
      ALL_PROXY: "a",
      all_proxy: "a",
    });
  });

  it("takes an engine's own section instead of the default one", () => {
    const proxies = { default: { httpProxy: "d", noProxy: "n" }, "tcp://h:2376": { httpProxy: "own" } };
    assert.deepEqual(proxiesFor(proxies, "tcp://h:2376"), { HTTP_PROXY: "own", http_proxy: "own" });
    assert.equal(proxiesFor(proxies, "tcp://h:2375")["HTTP_PROXY"], "d");
  });

  it("sets nothing that is empty or not there", () => {
    assert.deepEqual(proxiesFor({}, "unix:///x"), {});
    assert.deepEqual(proxiesFor({ default: { httpProxy: "" } }, "unix:///x"), {});
  });
});

describe("ownProxies", () => {
  it("gives both cases one value", () => {
    assert.deepEqual(ownProxies({ http_proxy: "l", NO_PROXY: "U", no_proxy: "l", HTTPS_PROXY: "", PATH: "/bin" }), {
      HTTP_PROXY: "l",
      http_proxy: "l",
      NO_PROXY: "U",
      no_proxy: "U",
    });
  });
});

describe("withProxies", () => {
  it("leaves both cases of a name to the user who sets one", () => {
    const proxies = { HTTP_PROXY: "p", http_proxy: "p", no_proxy: "n" };
    assert.deepEqual(withProxies({ http_proxy: "own", NAME: "x" }, proxies), {
      http_proxy: "own",
      no_proxy: "n",
      NAME: "x",
    });
  });
});
