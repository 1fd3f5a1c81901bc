import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildContextError, ContextChangedError } from "../../core/errors/imageErrors";
import { readSmallVerified, SMALL_BYTES } from "./readSmallVerified";

describe("readSmallVerified", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-small-"));
    file = join(folder, "file");
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const read = (content: Uint8Array): Uint8Array => {
    const sha256 = createHash("sha256").update(content).digest("hex");
    return readSmallVerified(file, { kind: "file", path: "file", mode: 0o644, size: content.length, sha256 });
  };
  const changed = (content: Uint8Array): void => {
    assert.throws(
      () => read(content),
      (error) => error instanceof ContextChangedError && error.path === "file",
    );
  };

  for (const size of [0, 1, 1_000, SMALL_BYTES - 1, SMALL_BYTES]) {
    it(`gives ${String(size)} bytes as they are, and only those`, async () => {
      const content = randomBytes(size);
      await writeFile(file, content);
      assert.ok(content.equals(read(content)));
      await writeFile(file, Buffer.concat([content, Buffer.from("x")]));
      changed(content);
      if (size > 0) {
        await writeFile(file, content.subarray(1));
        changed(content);
        await writeFile(file, Buffer.from(content).fill((content[0] ?? 0) ^ 1, 0, 1));
        changed(content);
      }
    });
  }

  it("neither follows nor waits for what has taken the file's place", async function () {
    if (process.platform === "win32") {
      this.skip();
    }
    changed(Buffer.from("a"));
    await writeFile(join(folder, "target"), "a");
    await symlink("target", file);
    changed(Buffer.from("a"));
    await rm(file);
    await mkdir(file);
    changed(Buffer.from("a"));
    await rm(file, { recursive: true });
    execFileSync("mkfifo", [file]);
    changed(Buffer.from("a"));
  });

  it("says why a file cannot be read", () => {
    const wrong = { kind: "file", path: "file", mode: 0o644, size: 1, sha256: "" } as const;
    assert.throws(() => readSmallVerified(`${file}\0`, wrong), BuildContextError);
  });

  it("leaves no file open", async () => {
    const openFiles = (): number => readdirSync("/proc/self/fd").length;
    await writeFile(file, "abc");
    const before = openFiles();
    read(Buffer.from("abc"));
    changed(Buffer.from("abd"));
    assert.equal(openFiles(), before);
  });
});
