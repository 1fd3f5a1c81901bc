import assert from "node:assert/strict";
import { parsePathStat } from "./pathStat";

const header = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

/** Answers of Docker 20.10 and 28.5 and of Podman 4.3 and 5.8. */
describe("parsePathStat", () => {
  it("reads a file with its permissions, the special ones included", () => {
    const docker = { name: "f", size: 3, mode: 8_389_101, mtime: "2026-11-27T01:15:08Z", linkTarget: "" };
    const expected = { name: "f", sizeBytes: 3, kind: "file", mode: 0o4755, linkTarget: undefined };
    assert.deepEqual(parsePathStat(header(docker), "/tmp/f"), expected);
    // Podman gives every file a target.
    assert.deepEqual(parsePathStat(header({ ...docker, isDir: false, linkTarget: "/tmp/f" }), "/tmp/f"), expected);
  });

  it("reads a folder", () => {
    const tmp = { name: "tmp", size: 4096, mode: 2_148_532_717, mtime: "2026-11-27T01:15:08Z", linkTarget: "" };
    const { kind, mode } = parsePathStat(header(tmp), "/tmp");
    assert.deepEqual([kind, mode], ["directory", 0o1755]);
    const root = { name: ".", size: 4096, mode: 2_147_484_013, isDir: true, linkTarget: "/." };
    assert.deepEqual(parsePathStat(header(root), "/"), {
      name: "/",
      sizeBytes: 4096,
      kind: "directory",
      mode: 0o555,
      linkTarget: undefined,
    });
  });

  it("reads a link by its own name, where Podman has that of what it leads to", () => {
    const podman = { name: "f", size: 1, mode: 134_218_239, isDir: false, linkTarget: "/tmp/f" };
    assert.deepEqual(parsePathStat(header(podman), "/tmp/l"), {
      name: "l",
      sizeBytes: 1,
      kind: "symlink",
      mode: 0o777,
      linkTarget: "/tmp/f",
    });
  });

  it("reads a device as something else", () => {
    const device = { name: "null", size: 0, mode: 69_206_454, isDir: false, linkTarget: "/dev/null" };
    const { kind, mode, linkTarget } = parsePathStat(header(device), "/dev/null");
    assert.deepEqual([kind, mode, linkTarget], ["other", 0o666, undefined]);
  });

  it("refuses what is none", () => {
    for (const value of ["", "e30=", header({ size: "1" })]) {
      assert.throws(() => parsePathStat(value, "/x"));
    }
  });
});
