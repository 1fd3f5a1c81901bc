import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRegularFileSync } from "./readRegularFileSync";

describe("readRegularFileSync", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-read-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("gives the text of a file and of what a link leads to", () => {
    writeFileSync(join(folder, "file"), "é");
    symlinkSync("file", join(folder, "link"));
    assert.equal(readRegularFileSync(join(folder, "file")), "é");
    assert.equal(readRegularFileSync(join(folder, "link")), "é");
  });

  it("does not wait for a FIFO, nor read a device without end", () => {
    execFileSync("mkfifo", [join(folder, "fifo")]);
    symlinkSync("/dev/zero", join(folder, "zero"));
    for (const name of ["fifo", "zero", "."]) {
      assert.throws(() => readRegularFileSync(join(folder, name)), /not a regular file/);
    }
  });

  it("does not read what is no file of settings by its size", () => {
    writeFileSync(join(folder, "large"), "");
    truncateSync(join(folder, "large"), 2 ** 32);
    assert.throws(() => readRegularFileSync(join(folder, "large")), /too large/);
  });

  it("fails as node:fs does where there is nothing", () => {
    assert.throws(() => readRegularFileSync(join(folder, "none")), { code: "ENOENT" });
  });
});
