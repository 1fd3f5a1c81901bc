import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import { CountingFileCalls } from "../../../../test/fake/CountingFileCalls";
import type { ContextSelection } from "../selection/ContextSelection";
import type { ContextScanner, ContextSnapshot } from "./ContextScanner";
import { ContextWatch } from "./ContextWatch";
import { InProcessScanner } from "./InProcessScanner";
import type { ScanRequest } from "./ScanRequest";

const ALL: ContextSelection = { kind: "all", doubts: [] };
const some = (...paths: readonly string[]): ContextSelection => ({
  kind: "some",
  sources: paths.map((path) => ({ path, wildcards: path.includes("*"), parents: false, excludes: [], line: 1 })),
});

/** A thread that comes to the first scan, which was aborted meanwhile, only when it is asked for the second. */
class BusyScanner implements ContextScanner {
  #first: (() => void) | undefined;

  constructor(
    private readonly scanner: ContextScanner,
    private readonly onFirst: () => void,
  ) {}

  async scan(request: ScanRequest): Promise<ContextSnapshot> {
    if (this.#first !== undefined) {
      this.#first();
      return this.scanner.scan(request);
    }
    return new Promise((resolve, reject) => {
      this.#first = () => void this.scanner.scan(request, { signal: AbortSignal.abort() }).then(resolve, reject);
      this.onFirst();
    });
  }

  unwatch(id: string): void {
    this.scanner.unwatch(id);
  }
}

describe("ContextWatch", () => {
  let root: string;
  let calls: CountingFileCalls;
  let watch: ContextWatch;
  let scanner: InProcessScanner;
  let ignore: readonly string[];
  let selection: ContextSelection;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "slipway-watch-")));
    calls = new CountingFileCalls();
    watch = new ContextWatch();
    scanner = new InProcessScanner(calls);
    ignore = [];
    selection = ALL;
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const put = async (path: string, content = path): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  const scan = async (signal?: AbortSignal, folder = root): Promise<ContextSnapshot> => {
    calls.forget();
    const request = { root, ignore, selection, cache: undefined };
    return watch.scan({ scanner, request, folder, signal });
  };
  /** Scans what was noted, and checks that a scan of everything finds the same. */
  const agrees = async (what = ""): Promise<void> => {
    const found = await scan();
    const seen = { lstats: calls.lstats.length, folders: calls.folders.length };
    const whole = await new InProcessScanner().scan({ root, ignore, selection, cache: undefined });
    assert.deepEqual(await found.inputs(), await whole.inputs(), what);
    assert.deepEqual([found.digest, found.count, found.bytes], [whole.digest, whole.count, whole.bytes], what);
    Object.assign(looked, seen);
  };
  const looked = { lstats: 0, folders: 0 };
  const wasWhole = (): boolean => looked.folders > 0;
  const relatives = (paths: readonly string[]): readonly string[] => paths.map((path) => relative(root, path));

  it("looks at all of it the first time", async () => {
    await put("d/a");
    await agrees();
    assert.deepEqual(looked, { lstats: 2, folders: 2 });
  });

  it("takes one lstat for one edit, and reads no other file and no folder", async () => {
    for (let index = 0; index < 50; index++) {
      await put(`src/${String(index % 7)}/file${String(index)}`);
    }
    const before = await scan();
    await put("src/3/file3", "edited");
    watch.note("src/3/file3");
    const after = await scan();
    assert.deepEqual(relatives(calls.lstats), [join("src", "3", "file3")]);
    assert.deepEqual(relatives(calls.opened), [join("src", "3", "file3")]);
    assert.deepEqual(calls.folders, []);
    assert.notEqual(after.digest, before.digest);
    await agrees();
    assert.deepEqual(looked, { lstats: 0, folders: 0 });
  });

  it("takes one readdir for a new folder, and nothing for what is ignored or not selected", async () => {
    await put("src/a");
    await put("node_modules/x/y");
    await put("docs/z");
    ignore = ["node_modules"];
    selection = some("src");
    await agrees();
    await put("src/new/a");
    watch.note("src/new");
    watch.note("src/new/a");
    await agrees();
    assert.deepEqual(looked, { lstats: 2, folders: 1 });
    await put("node_modules/x/y", "2");
    await put("docs/z", "2");
    watch.note("node_modules/x/y");
    watch.note("docs/z");
    await agrees();
    assert.deepEqual(looked, { lstats: 0, folders: 0 });
  });

  it("notices what was removed, replaced, and changed in its permissions", async () => {
    await put("a");
    await put("d/b");
    await put("e/c");
    await agrees();
    await rm(join(root, "a"));
    await rm(join(root, "d"), { recursive: true });
    await writeFile(join(root, "d"), "a file now");
    await chmod(join(root, "e/c"), 0o600);
    ["a", "d", "d/b", "e/c"].forEach((path) => {
      watch.note(path);
    });
    await agrees();
    assert.equal(wasWhole(), false);
  });

  for (const [what, change] of [
    ["the ignore file says something else", () => (ignore = ["a"])],
    ["the Dockerfile takes something else", () => (selection = some("d"))],
    ["it is told to", () => (watch.forget(), ignore)],
    [
      "too much has changed",
      () =>
        Array.from({ length: 65 }, (_, index) => {
          watch.note(`f${String(index)}`);
        }),
    ],
    [
      "the context itself has changed",
      () => {
        watch.note("");
      },
    ],
    [
      "a folder above it has changed",
      () => {
        watch.note("..");
      },
    ],
  ] as const) {
    it(`looks at all of it again when ${what}`, async () => {
      await put("a");
      await put("d/b");
      await agrees();
      change();
      await agrees();
      assert.equal(wasWhole(), true);
    });
  }

  it("looks at all of a context outside of the folder whose changes it is told", async () => {
    await put("a");
    const folder = join(root, "other");
    await scan(undefined, folder);
    await put("a", "2");
    const after = await scan(undefined, folder);
    assert.equal(
      after.digest,
      (await new InProcessScanner().scan({ root, ignore, selection, cache: undefined })).digest,
    );
  });

  it("looks at all of it after a scan that failed or was aborted", async () => {
    await put("a");
    await agrees();
    await put("a", "2");
    watch.note("a");
    const controller = new AbortController();
    calls.onRead = () => {
      controller.abort(new Error("enough"));
    };
    await put("b");
    watch.note("b");
    await assert.rejects(scan(controller.signal), new Error("enough"));
    calls.onRead = () => undefined;
    await agrees();
    assert.equal(wasWhole(), true);
  });

  it("loses nothing when it was aborted before it began", async () => {
    await put("a");
    await agrees();
    await put("a", "2");
    watch.note("a");
    await assert.rejects(scan(AbortSignal.abort(new Error("enough"))), new Error("enough"));
    await agrees();
    assert.equal(looked.lstats, 1);
  });

  it("follows links that the build takes files through", async function () {
    if (process.platform === "win32") {
      this.skip();
    }
    await put("one/f");
    await put("two/f");
    await symlink("one", join(root, "link"));
    selection = some("link/f");
    await agrees();
    await rm(join(root, "link"));
    await symlink("two", join(root, "link"));
    watch.note("link");
    await agrees();
    assert.equal(wasWhole(), true);
  });

  it("looks at all of it when a folder was replaced with what leads on in it", async () => {
    await put("d/one/f");
    await put("d/two/f");
    await symlink("one", join(root, "d/link"));
    selection = some("d/link/f");
    await agrees();
    await rm(join(root, "d/link"));
    await symlink("two", join(root, "d/link"));
    watch.note("d");
    await agrees();
  });

  it("takes one lstat for each entry of a folder that a wildcard matches", async () => {
    for (let index = 0; index < 20; index++) {
      await put(`d/${String(index)}`);
    }
    await put("d/e/f");
    selection = some("d/*");
    await agrees();
    // Each of 23 entries, once more the folder that the wildcard stands in, and what may be named "*" itself.
    assert.equal(looked.lstats, 25);
  });

  it("takes one lstat for what is ignored beside names that a wildcard was tried on", async () => {
    await put("a.json");
    selection = some("*.json");
    ignore = ["*.log"];
    await agrees();
    await put("x.log");
    watch.note("x.log");
    await agrees();
    assert.deepEqual(looked, { lstats: 1, folders: 0 });
  });

  it("does not lose a change that was told to a scan which was aborted before it began", async () => {
    await put("a");
    const before = await scan();
    await put("a", "2");
    watch.note("a");
    const request = { root, ignore, selection, cache: undefined };
    let aborted: Promise<ContextSnapshot> | undefined;
    let busy: ContextScanner | undefined;
    await new Promise<void>((resolve) => {
      busy = new BusyScanner(scanner, resolve);
      aborted = watch.scan({ scanner: busy, request, folder: root });
      aborted.catch(() => undefined);
    });
    assert.ok(busy !== undefined && aborted !== undefined);
    const next = await watch.scan({ scanner: busy, request, folder: root });
    await assert.rejects(aborted);
    assert.notEqual(next.digest, before.digest);
  });

  it("looks at all of a context that a link leads to", async () => {
    await put("real/a");
    await symlink("real", join(root, "link"));
    const look = async (): Promise<ContextSnapshot> => {
      const request = { root: join(root, "link"), ignore, selection, cache: undefined };
      return watch.scan({ scanner, request, folder: root });
    };
    const before = await look();
    await put("real/a", "2");
    watch.note("real/a");
    assert.notEqual((await look()).digest, before.digest);
  });

  it("does not follow a link that has taken the place of a folder that is ignored itself", async () => {
    await put("other/e");
    await put("d/e");
    ignore = ["**", "!d/e"];
    await agrees();
    for (const target of ["other", "d"]) {
      await rm(join(root, "d"), { recursive: true });
      await symlink(target, join(root, "d"));
      watch.note("d/e");
      await agrees(target);
    }
  });

  it("takes it that more was changed in .git than it was told of", async () => {
    await put(".git/index");
    await put(".git/objects/ab/cd");
    await agrees();
    await put(".git/index", "2");
    await put(".git/objects/ab/ef");
    watch.note(".git/index");
    await agrees();
    ignore = [".git"];
    await agrees();
    watch.note(".git/index");
    await agrees();
    assert.deepEqual(looked, { lstats: 0, folders: 0 });
  });

  it("does not take a file with other capitals for another one", async () => {
    await put("File");
    await agrees();
    await rename(join(root, "File"), join(root, "file"));
    watch.note("File");
    watch.note("file");
    await agrees();
  });

  it("finds after any changes what a scan of everything finds", async () => {
    const path = fc.constantFrom("a", "b", "d", "d/a", "d/e", "d/e/f", "x.log", "d/x.log", "i/a", "i/k/a");
    const change = fc.record({ path, what: fc.constantFrom("write", "remove", "folder", "link", "mode") });
    const selections = fc.constantFrom(ALL, some("."), some("d"), some("*.log", "d/e"), some("i/k", "a"));
    const patterns = fc.constantFrom([], ["*.log"], ["i", "!i/k"], ["**", "!d/e", "!a"], ["d"]);
    await fc.assert(
      fc.asyncProperty(
        selections,
        patterns,
        fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 5 }),
        async (chosen, left, rounds) => {
          [selection, ignore] = [chosen, left];
          watch = new ContextWatch();
          await agrees("at first");
          for (const [index, round] of rounds.entries()) {
            for (const { path: changed, what } of round) {
              const file = join(root, changed);
              watch.note(changed);
              try {
                if (what === "mode") {
                  await chmod(file, index % 2 === 0 ? 0o700 : 0o755);
                } else {
                  await rm(file, { recursive: true, force: true });
                  if (what === "folder") {
                    await mkdir(file);
                  } else if (what === "write") {
                    await writeFile(file, String(index));
                  } else if (what === "link") {
                    await symlink("d", file);
                  }
                }
              } catch {
                // There is no folder for it, or a file in the folder's place: nothing changes.
              }
            }
            await agrees(JSON.stringify([chosen, left, rounds.slice(0, index + 1)]));
          }
          for (const name of ["a", "b", "d", "i", "x.log"]) {
            await rm(join(root, name), { recursive: true, force: true });
          }
        },
      ),
      { numRuns: 80 },
    );
  }).timeout(20_000);
});
