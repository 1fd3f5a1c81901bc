import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContextChangedError } from "../../core/errors/imageErrors";
import { readVerified } from "./readVerified";

describe("readVerified", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-verified-"));
    file = join(folder, "file");
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const read = async (content: Uint8Array): Promise<Buffer> => {
    const sha256 = createHash("sha256").update(content).digest("hex");
    const parts: Uint8Array[] = [];
    for await (const piece of readVerified(file, {
      kind: "file",
      path: "file",
      mode: 0o644,
      size: content.length,
      sha256,
    })) {
      parts.push(Buffer.from(piece));
    }
    return Buffer.concat(parts);
  };
  const changed = async (content: Uint8Array): Promise<void> => {
    await assert.rejects(read(content), (error) => error instanceof ContextChangedError && error.path === "file");
  };

  for (const size of [0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1_000_000]) {
    it(`gives ${String(size)} bytes as they are`, async () => {
      const content = randomBytes(size);
      await writeFile(file, content);
      assert.ok((await read(content)).equals(content));
    });

    it(`notices when it is not these ${String(size)} bytes any more`, async () => {
      const content = randomBytes(size);
      await writeFile(file, Buffer.concat([content, Buffer.from("more")]));
      await changed(content);
      if (size > 0) {
        await writeFile(file, content.subarray(1));
        await changed(content);
        await writeFile(
          file,
          randomBytes(size)
            .fill(0, 0, 1)
            .fill((content[0] ?? 0) ^ 1, 0, 1),
        );
        await changed(content);
      }
    });
  }

  it("gives nothing of a small file that has changed", async () => {
    await writeFile(file, "abc");
    const pieces = readVerified(file, { kind: "file", path: "file", mode: 0o644, size: 3, sha256: "0".repeat(64) });
    await assert.rejects(pieces.next(), ContextChangedError);
  });

  it("neither follows nor waits for what has taken the file's place", async () => {
    await changed(Buffer.from("a"));
    await writeFile(join(folder, "target"), "a");
    await symlink("target", file);
    await changed(Buffer.from("a"));
    await rm(file);
    await mkdir(file);
    await changed(Buffer.from("a"));
    await rm(file, { recursive: true });
    execFileSync("mkfifo", [file]);
    await changed(Buffer.from("a"));
  });

  it("closes the file, also when nobody reads on", async () => {
    const openFiles = (): number => readdirSync("/proc/self/fd").length;
    const content = randomBytes(1_000_000);
    await writeFile(file, content);
    const before = openFiles();
    const sha256 = createHash("sha256").update(content).digest("hex");
    for await (const piece of readVerified(file, {
      kind: "file",
      path: "file",
      mode: 0o644,
      size: content.length,
      sha256,
    })) {
      assert.ok(piece.length > 0);
      break;
    }
    await changed(randomBytes(1_000_000));
    assert.equal(openFiles(), before);
  });
});
