import assert from "node:assert/strict";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { MemoryFiles } from "../../../../../test/fake/MemoryFiles";
import { BuildContextError, ContextChangedError } from "../../../errors/imageErrors";
import type { ContextSelection } from "../../selection/ContextSelection";
import type { ContextSnapshot } from "../ContextScanner";
import { InProcessScanner } from "../InProcessScanner";

const ROOT = "/in-memory";
const ALL: ContextSelection = { kind: "all", doubts: [] };
const some = (...paths: readonly string[]): ContextSelection => ({
  kind: "some",
  sources: paths.map((path) => ({ path, wildcards: false, parents: false, excludes: [], line: 1 })),
});
/** More than are worth a closer look when they have changed. */
const many = Array.from({ length: 501 }, (_, index) => `file${String(index)}`);
/** Longer than times take to settle. */
const SETTLED = 5_000;

describe("verifyScan", () => {
  let folder: string;
  let files: MemoryFiles;
  let ignore: readonly string[];
  let selection: ContextSelection;
  const realNow = Date.now;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-verify-")));
    files = new MemoryFiles(ROOT);
    [ignore, selection] = [[], ALL];
    Date.now = () => files.now;
  });
  afterEach(async () => {
    Date.now = realNow;
    await rm(folder, { recursive: true });
  });

  const scan = async (cached = true): Promise<ContextSnapshot> => {
    const cache = cached ? { folder, name: "a" } : undefined;
    return new InProcessScanner(files).scan({ root: ROOT, ignore, selection, cache });
  };
  const settle = (): void => {
    files.now += SETTLED;
  };
  /** Scans with the cache, and checks that one without finds the same. @returns what it read. */
  const agrees = async (what = ""): Promise<readonly string[]> => {
    files.reads.splice(0);
    const found = await scan();
    const reads = [...files.reads].sort();
    const fresh = await scan(false);
    assert.deepEqual(await found.entries(), await fresh.entries(), what);
    assert.deepEqual([found.digest, found.count, found.bytes], [fresh.digest, fresh.count, fresh.bytes], what);
    return reads;
  };

  it("reads no folder and no file when nothing has changed", async () => {
    files.mkdir("d");
    files.write("d/a", "1");
    files.symlink("l", "d");
    settle();
    assert.deepEqual(await agrees(), ["open d/a", "readdir ", "readdir d"]);
    assert.deepEqual(await agrees(), []);
  });

  it("reads what has changed, and no folder but those with other names", async () => {
    for (const name of ["d", "d/e", "f"]) {
      files.mkdir(name);
      files.write(`${name}/a`, "1");
    }
    settle();
    await agrees();
    files.write("d/a", "2");
    assert.deepEqual(await agrees(), ["open d/a"]);
    settle();
    await agrees();
    files.write("d/e/new", "1");
    files.remove("f/a");
    files.rename("d/a", "d/b");
    assert.deepEqual(await agrees(), ["open d/b", "open d/e/new", "readdir d", "readdir d/e", "readdir f"]);
    settle();
    await agrees();
    assert.deepEqual(await agrees(), []);
  });

  it("reads again what may have changed once more within the step of its times", async () => {
    files.step = 1_000;
    files.mkdir("d");
    files.write("d/a", "1");
    await agrees();
    files.write("d/a", "2");
    files.write("b", "");
    await agrees();
    settle();
    assert.deepEqual(await agrees(), ["open b", "open d/a", "readdir ", "readdir d"]);
    assert.deepEqual(await agrees(), []);
  });

  for (const [what, change] of [
    ["the ignore file says something else", () => (ignore = ["x"])],
    ["something else is selected", () => (selection = some("d"))],
    [
      "a socket has come, which may be replaced without a trace",
      () => {
        files.socket("s");
      },
    ],
    [
      "something is mounted on a folder",
      () => {
        files.mount("d");
      },
    ],
    [
      "much has changed",
      () => {
        many.forEach((name) => {
          files.write(name, "2");
        });
      },
    ],
  ] as const) {
    it(`reads all folders when ${what}`, async () => {
      files.mkdir("d");
      files.mkdir("d/e");
      files.write("d/a", "1");
      many.forEach((name) => {
        files.write(name, "1");
      });
      settle();
      await agrees();
      change();
      assert.ok((await agrees()).some((call) => call === "readdir d"));
    });
  }

  it("reads all folders on a file system that may not keep their times", async () => {
    files.write("a", "1");
    settle();
    await agrees();
    Object.assign(files, { fileSystem: () => 0x65735546 });
    assert.deepEqual(await agrees(), ["readdir "]);
  });

  describe("notices", () => {
    const sameAgain = async (): Promise<void> => {
      settle();
      await agrees();
      await agrees();
    };

    it("what comes to be an exception in a folder that is ignored", async () => {
      ignore = ["i", "j", "!i/k", "!j/k"];
      files.mkdir("i");
      files.write("i/a", "1");
      await sameAgain();
      files.write("i/k", "1");
      await sameAgain();
      files.mkdir("j");
      await agrees();
      await sameAgain();
      files.write("j/k", "1");
      await agrees();
    });

    it("what comes into a folder on the way to what is copied", async () => {
      selection = some("d/e/f", "d/link");
      files.mkdir("d");
      files.mkdir("other");
      await sameAgain();
      files.mkdir("d/e");
      files.write("d/e/f", "1");
      await agrees();
      files.symlink("d/link", "../other");
      await agrees();
      await sameAgain();
      files.write("other/a", "1");
      await agrees();
    });

    it("a file that is mounted on what was left out for what it was", async () => {
      files.socket("s");
      await sameAgain();
      files.mount("s");
      await agrees();
      files.socket("t");
      await agrees();
      await sameAgain();
      files.mount("t");
      await agrees();
    });

    it("that a name has other capitals, where they do not matter", async () => {
      files.foldsCase = true;
      files.mkdir("d");
      files.write("d/a", "1");
      files.mkdir("e");
      files.write("e/b", "1");
      await sameAgain();
      files.rename("d/a", "d/A");
      files.rename("e", "E");
      await agrees();
      await sameAgain();
    });

    it("that two files have changed their names, where only their inodes tell", async () => {
      files.renameTells = false;
      files.mkdir("d");
      files.write("d/a", "1");
      files.write("d/b", "2");
      await sameAgain();
      files.rename("d/a", "a");
      files.rename("d/b", "d/a");
      files.rename("a", "d/b");
      await agrees();
    });
  });

  it("names what has become unreadable", async () => {
    files.write("a", "1");
    settle();
    await agrees();
    files.chmod("a", 0);
    Object.assign(files, {
      open: () => {
        throw Object.assign(new Error("EACCES"), { code: "EACCES" });
      },
    });
    await assert.rejects(scan(), (error) => error instanceof BuildContextError && error.path === "a");
  });

  describe("whatever changes, whenever", () => {
    const path = fc.constantFrom("a", "b", "d", "d/a", "d/b", "d/e", "d/e/a", "i", "i/a", "i/k", "i/k/a", "x.log");
    const edit = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ what: fc.constant("write" as const), path, content: fc.constantFrom("1", "2") }),
      },
      fc.record({ what: fc.constantFrom("mkdir", "symlink", "remove", "socket", "mount", "chmod"), path }),
      fc.record({ what: fc.constantFrom("rename", "link", "exchange", "write and set the time back"), path, to: path }),
      fc.record({ what: fc.constant("pass" as const), ms: fc.constantFrom(0, 1, 1_500, 2_001, SETTLED) }),
    );
    type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

    const apply = (change: Edit): void => {
      switch (change.what) {
        case "write":
          if ("content" in change) {
            files.write(change.path, change.content);
          }
          return;
        case "pass":
          files.now += "ms" in change ? change.ms : 0;
          return;
        case "rename":
        case "link":
          if ("to" in change) {
            files[change.what](change.path, change.to);
          }
          return;
        case "exchange":
          if ("to" in change) {
            files.rename(change.path, "spare");
            files.rename(change.to, change.path);
            files.rename("spare", change.to);
          }
          return;
        case "write and set the time back":
          if ("path" in change) {
            const before = files.mtimeOf(change.path);
            files.write(change.path, "3");
            files.utimes(change.path, before);
          }
          return;
        case "chmod":
          files.chmod(change.path, files.mtimeOf(change.path) % 2 === 0 ? 0o700 : 0o751);
          return;
        case "symlink":
          files.symlink(change.path, "d");
          return;
        default:
          files[change.what](change.path);
      }
    };

    it("finds what a scan without a cache finds", async () => {
      const round = fc.record({
        edits: fc.array(edit, { maxLength: 4 }),
        /** An edit in the midst of the scan, after so many calls. */
        during: fc.option(fc.record({ after: fc.nat(20), edit }), { freq: 3 }),
        callMs: fc.constantFrom(0, 0, 1, 700),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(1, 10, 1_000, 2_000),
          fc.boolean(),
          fc.constantFrom(ALL, ALL, some("."), some("d"), some("i/k", "a"), some("d/e", "x.log")),
          fc.constantFrom([], [], ["*.log"], ["i", "!i/k"], ["**", "!d/e", "!a"], ["d"]),
          fc.array(round, { minLength: 2, maxLength: 6 }),
          async (step, renameTells, chosen, patterns, rounds) => {
            await rm(folder, { recursive: true });
            files = new MemoryFiles(ROOT);
            [files.step, files.renameTells, selection, ignore] = [step, renameTells, chosen, patterns];
            for (const name of ["d", "d/e", "i", "i/k"]) {
              files.mkdir(name);
              files.write(`${name}/a`, "1");
            }
            settle();
            for (const { edits, during, callMs } of rounds) {
              edits.forEach(apply);
              let calls = 0;
              files.callMs = callMs;
              files.onCall = () => {
                if (during !== null && calls++ === during.after) {
                  apply(during.edit);
                }
              };
              try {
                // Its result is of no moment if something changed meanwhile; what it has written down must not deceive.
                await scan();
              } catch (error) {
                assert.ok(error instanceof ContextChangedError || error instanceof BuildContextError, String(error));
              }
              [files.callMs, files.onCall] = [0, () => undefined];
              await agrees();
            }
          },
        ),
        { numRuns: 100 },
      );
    }).timeout(60_000);
  });
});
