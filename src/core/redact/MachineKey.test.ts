import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MachineKey } from "./MachineKey";

describe("MachineKey", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-key-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("gives the same digest in each process of a machine, and another one elsewhere", async () => {
    const cache = join(folder, "cache");
    const digest = await new MachineKey(cache).digest("a");
    assert.match(digest, /^[0-9a-f]{16}$/);
    assert.equal(await new MachineKey(cache).digest("a"), digest);
    assert.notEqual(await new MachineKey(cache).digest("b"), digest);
    assert.notEqual(await new MachineKey(join(folder, "other")).digest("a"), digest);
    assert.notEqual(await new MachineKey(undefined).digest("a"), digest);
  });

  it("keeps its key to its owner", async function () {
    if (process.platform === "win32") {
      this.skip();
    }
    await new MachineKey(folder).digest("a");
    const file = join(folder, "machine.key");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await readFile(file)).length, 32);
  });

  it("is one for all that make it at the same time", async () => {
    const digests = await Promise.all(Array.from({ length: 20 }, async () => new MachineKey(folder).digest("a")));
    assert.equal(new Set(digests).size, 1);
  });

  it("takes the place of a damaged one", async () => {
    await writeFile(join(folder, "machine.key"), "short");
    const digest = await new MachineKey(folder).digest("a");
    assert.equal(await new MachineKey(folder).digest("a"), digest);
  });

  it("is one of this process where it cannot be kept, and says so", async () => {
    await writeFile(join(folder, "file"), "");
    const key = new MachineKey(join(folder, "file", "cache"));
    assert.equal(await key.digest("a"), await new MachineKey(undefined).digest("a"));
    assert.match(key.problem ?? "", /machine\.key \(.*ENOTDIR/);
  });
});
