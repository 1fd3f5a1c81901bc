import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "./makeFolder";

describe("makeFolder", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "slipway-folder-"));
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  it("makes a folder with all above it, several at once, and again", async () => {
    const path = join(root, "a/b/c");
    await Promise.all([makeFolder(path), makeFolder(join(path, "d")), makeFolder(path)]);
    await makeFolder(path);
    assert.ok(statSync(join(path, "d")).isDirectory());
  });

  it("fails where a file is in the way, or nothing can be made", async () => {
    await writeFile(join(root, "file"), "");
    await assert.rejects(makeFolder(join(root, "file/a")), { code: "ENOTDIR" });
    if (existsSync("/proc/self")) {
      await assert.rejects(makeFolder("/proc/x/a/b"), { code: "ENOENT" });
    }
  });
});
