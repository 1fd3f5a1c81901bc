import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { EngineEndpoint } from "../../core/ports/EngineEndpoint";
import { PemTlsMaterial } from "./PemTlsMaterial";

const files = { ca: "the authority", cert: "the certificate", key: "the secret key" };

describe("PemTlsMaterial", () => {
  it("gives its files to who asks for them, and to nobody who only prints an endpoint", () => {
    const tls = new PemTlsMaterial({ ...files, skipVerify: false });
    assert.deepEqual(tls.files(), files);
    const endpoint: EngineEndpoint = { address: { kind: "tcp", host: "h", port: 1, tls }, source: "a test" };
    const copy: object = Object.assign({}, tls);
    for (const text of [
      JSON.stringify(endpoint),
      JSON.stringify(copy),
      inspect(endpoint, { depth: null, showHidden: true, getters: true }),
      inspect(copy, { showHidden: true }),
    ]) {
      assert.doesNotMatch(text, /the (authority|certificate|secret key)/);
    }
    assert.ok(JSON.stringify(endpoint).includes('"skipVerify":false'));
  });

  it("tells other files from the same ones", () => {
    const id = (more: object): string => new PemTlsMaterial({ ...files, skipVerify: false, ...more }).id;
    assert.equal(id({}), id({}));
    const ids = [{}, { ca: undefined }, { cert: "x" }, { key: "x" }, { ca: files.cert, cert: files.ca }].map(id);
    assert.equal(new Set(ids).size, ids.length);
  });
});
