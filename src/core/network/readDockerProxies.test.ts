import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDockerProxies } from "./readDockerProxies";

describe("readDockerProxies", () => {
  let folder: string;
  const read = async (content: string): Promise<unknown> => {
    await writeFile(join(folder, "config.json"), content);
    return readDockerProxies(join(folder, "config.json"));
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-proxies-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("reads the section, and nothing else", async () => {
    const found = await read('{"auths": 1, "proxies": {"default": {"httpProxy": "http://p", "noProxy": 7}}}');
    assert.equal((found as { default: { httpProxy: string } }).default.httpProxy, "http://p");
  });

  it("finds none where there is no file or no section", async () => {
    assert.deepEqual(await readDockerProxies(join(folder, "none")), {});
    assert.deepEqual(await read(""), {});
    assert.deepEqual(await read('{"proxies": null}'), {});
  });

  it("tells a damaged file from none", async () => {
    assert.equal(await read("{"), undefined);
    assert.equal(await read('{"proxies": []}'), undefined);
    assert.equal(await readDockerProxies(folder), undefined);
  });
});
