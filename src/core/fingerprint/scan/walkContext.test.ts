import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, realpath, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { IgnoreMatcher, type MatchResult } from "../../dockerignore/IgnoreMatcher";
import { BuildContextError, ContextChangedError } from "../../errors/imageErrors";
import type { ContextEntry } from "../../ports/BuildContext";
import { scanContext } from "../../../../test/fake/scanContext";
const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

const posixOnly = (test: Mocha.Context): void => {
  if (process.platform === "win32") {
    test.skip();
  }
};

describe("walkContext", () => {
  let root: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "slipway-walk-")));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  /** Makes files (with their path as content), and folders where the path ends in "/". */
  async function put(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await mkdir(join(root, path.endsWith("/") ? path : dirname(path)), { recursive: true });
      if (!path.endsWith("/")) {
        await writeFile(join(root, path), path);
      }
    }
  }

  const scan = async (patterns: readonly string[] = []): Promise<readonly ContextEntry[]> =>
    scanContext({ root, ignore: new IgnoreMatcher(patterns) });
  /** Paths only, folders with a "/" at their end. */
  const paths = async (patterns: readonly string[] = []): Promise<readonly string[]> =>
    (await scan(patterns)).map(({ kind, path }) => (kind === "directory" ? `${path}/` : path));
  const only = async (): Promise<ContextEntry> => {
    const [entry, ...others] = await scan();
    assert.ok(entry !== undefined && others.length === 0);
    return entry;
  };
  const refuses = async (path: string, message: RegExp, patterns: readonly string[] = []): Promise<void> => {
    await assert.rejects(scan(patterns), (error) => {
      assert.ok(error instanceof BuildContextError, String(error));
      assert.equal(error.path, path);
      assert.match(error.message, message);
      return true;
    });
  };

  it("finds nothing in an empty folder", async () => {
    assert.deepEqual(await scan(), []);
  });

  it("tells kind, path, permissions, size and content of a file", async () => {
    await writeFile(join(root, "a"), "hello");
    await chmod(join(root, "a"), 0o751);
    const mode = process.platform === "win32" ? 0o755 : 0o751;
    assert.deepEqual(await scan(), [{ kind: "file", path: "a", mode, size: 5, sha256: sha256("hello") }]);
  });

  it("counts empty folders", async () => {
    await put("empty/");
    await chmod(join(root, "empty"), 0o755);
    assert.deepEqual(await scan(), [{ kind: "directory", path: "empty", mode: 0o755 }]);
  });

  it("lists folders before what is in them, and names in the order of their UTF-8 bytes", async () => {
    await put("b/x", "a", "B", "b.txt", "b/", "é", "z", "\u{1F600}", "\uFFFD1", "b/a/deep");
    assert.deepEqual(await paths(), [
      "B",
      "a",
      "b/",
      "b/a/",
      "b/a/deep",
      "b/x",
      "b.txt",
      "z",
      "é",
      "\uFFFD1",
      "\u{1F600}",
    ]);
  });

  it("does not depend on the order in which files were made", async () => {
    await put("c", "a/2", "a/1", "b/");
    const first = await paths();
    await rm(join(root, "a"), { recursive: true });
    await put("a/1", "a/2");
    assert.deepEqual(await paths(), first);
  });

  it("does not count times, but setuid, setgid and sticky, which builders keep", async function () {
    posixOnly(this);
    await put("a", "d/");
    const before = await scan();
    await utimes(join(root, "a"), 1, 2);
    await utimes(join(root, "d"), 1, 2);
    assert.deepEqual(await scan(), before);
    await chmod(join(root, "d"), 0o1755);
    assert.notDeepEqual(await scan(), before);
  });

  it("keeps names with spaces, line breaks, quotes, backslashes and any script", async function () {
    posixOnly(this);
    const names = [
      " lead",
      "a b",
      "line\nbreak",
      "q\"'`",
      "back\\slash",
      "tab\t",
      "日本語",
      "\u{1F680}",
      "-f",
      "*",
      "...",
    ];
    await put(...names);
    assert.deepEqual(new Set(await paths()), new Set(names));
  });

  for (const size of [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20]) {
    it(`hashes a file of ${String(size)} bytes whole`, async () => {
      const content = Buffer.alloc(size, "0123456789abcdef-");
      await writeFile(join(root, "a"), content);
      const entry = await only();
      assert.deepEqual(
        [entry.kind === "file" && entry.size, entry.kind === "file" && entry.sha256],
        [size, sha256(content)],
      );
    });
  }

  describe("with ignored folders", () => {
    it("leaves out what is ignored", async () => {
      await put("node_modules/a/b.js", "src/a.js", "src/a.log", "debug.log");
      assert.deepEqual(await paths(["node_modules", "**/*.log"]), ["src/", "src/a.js"]);
    });

    it("does not read an ignored folder", async function () {
      posixOnly(this);
      await put("cache/deep/a");
      // Reading the folder would fail on this name.
      writeFileSync(Buffer.from([...Buffer.from(join(root, "cache/deep/")), 0xff]), "");
      assert.deepEqual(await paths(["cache"]), []);
      assert.deepEqual(await paths(["cache/deep"]), ["cache/"]);
      assert.deepEqual(await paths(["cache", "!other/*"]), []);
      await refuses("cache/deep/\uFFFD", /not valid UTF-8/);
    });

    it("lists the ignored folders around an exception once, before it", async () => {
      await put("a/b/c/keep1", "a/b/c/keep2", "a/b/drop", "a/drop", "a/e/drop");
      assert.deepEqual(await paths(["a", "!a/b/c/keep*"]), ["a/", "a/b/", "a/b/c/", "a/b/c/keep1", "a/b/c/keep2"]);
    });

    it("lists the folders around exceptions in different branches once", async () => {
      await put("a/b/keep", "a/c/keep", "a/drop");
      assert.deepEqual(await paths(["*", "!a/*/keep"]), ["a/", "a/b/", "a/b/keep", "a/c/", "a/c/keep"]);
    });

    it("lists no ignored folder in which no exception was found", async () => {
      await put("a/b/c", "z");
      assert.deepEqual(await paths(["a", "!a/b/keep"]), ["z"]);
    });

    it("lists a folder that is an exception itself, even when it is empty", async () => {
      await put("a/keep/", "a/drop");
      assert.deepEqual(await paths(["a", "!a/keep"]), ["a/", "a/keep/"]);
    });

    it("keeps what the matcher keeps, and the folders around that, in any tree", async () => {
      const name = fc.constantFrom("a", "b", "c");
      const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
      const pattern = fc
        .tuple(
          fc.constantFrom("", "!"),
          fc.array(fc.oneof(name, fc.constantFrom("*", "**")), { minLength: 1, maxLength: 3 }),
        )
        .map(([exception, names]) => exception + names.join("/"));
      await fc.assert(
        fc.asyncProperty(
          fc.array(path, { maxLength: 8 }),
          fc.array(pattern, { maxLength: 4 }),
          async (files, patterns) => {
            const leaves = files.map((file) => `${file}/leaf`);
            await put(...leaves);
            const ignore = new IgnoreMatcher(patterns);
            const kept = new Set<string>();
            for (const leaf of leaves) {
              const folders = [...leaf.matchAll(/\//g)].map(({ index }) => leaf.slice(0, index));
              for (const [index, each] of [...folders, leaf].entries()) {
                if (!ignore.match(each).ignored) {
                  [...folders.slice(0, index), each].forEach((outer) => kept.add(outer));
                }
              }
            }
            const found = (await scan(patterns)).map((entry) => entry.path);
            assert.deepEqual([...found].sort(), [...kept].sort());
            await Promise.all(readdirSync(root).map(async (each) => rm(join(root, each), { recursive: true })));
          },
        ),
        { numRuns: 60 },
      );
    });
  });

  describe("with symbolic links", () => {
    for (const [what, target] of [
      ["a file", "file"],
      ["nothing", "missing"],
      ["itself", "link"],
      ["the folder that holds it", "."],
      ["a folder outside of the context", ".."],
      ["an absolute path", "/"],
      ["a name with odd characters", "a b\n\u{1F680}"],
    ] as const) {
      it(`takes one to ${what} as the link that it is`, async () => {
        await put("file");
        await symlink(target, join(root, "link"));
        assert.deepEqual(
          (await scan()).find(({ path }) => path === "link"),
          { kind: "symlink", path: "link", target },
        );
      });
    }

    it("does not enter a loop of folders", async () => {
      await put("a/b/");
      await symlink("../../a", join(root, "a/b/loop"));
      assert.deepEqual(await paths(), ["a/", "a/b/", "a/b/loop"]);
    });

    it("refuses one whose target is not valid UTF-8, which would reach the builder as another", async function () {
      posixOnly(this);
      await symlink(Buffer.from([0x61, 0xff]), join(root, "link"));
      await refuses("link", /target is not valid UTF-8/);
      assert.deepEqual(await paths(["link"]), []);
    });
  });

  it("takes a FIFO as what it is, without opening it", async function () {
    posixOnly(this);
    execFileSync("mkfifo", ["-m", "640", join(root, "pipe")]);
    assert.deepEqual(await scan(), [{ kind: "fifo", path: "pipe", mode: 0o640 }]);
  });

  it("leaves sockets out, as BuildKit does", async function () {
    posixOnly(this);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, "socket"), resolve));
    try {
      await put("file");
      assert.deepEqual(await paths(), ["file"]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("refuses a file name that is not valid UTF-8, unless its folder is ignored", async function () {
    posixOnly(this);
    await put("d/");
    writeFileSync(Buffer.from([...Buffer.from(join(root, "d/")), 0x61, 0xff]), "");
    await refuses("d/a\uFFFD", /not valid UTF-8/);
    assert.deepEqual(await paths(["d"]), []);
  });

  it("names the file that vanished under it, so that whoever asked can start over", async () => {
    await put("a", "b");
    class Meddler extends IgnoreMatcher {
      override match(path: string, parent?: MatchResult): MatchResult {
        if (path === "b") {
          rmSync(join(root, path));
        }
        return super.match(path, parent);
      }
    }
    await assert.rejects(scanContext({ root, ignore: new Meddler([]) }), (error) => {
      assert.ok(error instanceof ContextChangedError);
      assert.equal(error.path, "b");
      return true;
    });
  });

  it("names what cannot be read, and takes the context once that is ignored", async function () {
    posixOnly(this);
    // A path that is too long for the system cannot be read by anybody; it is made by moving one half into the other.
    const half = Array.from({ length: 10 }, () => "x".repeat(250)).join("/");
    const top = half.slice(0, 250);
    await mkdir(join(root, "first", half), { recursive: true });
    await mkdir(join(root, "second", half), { recursive: true });
    await rename(join(root, "second", top), join(root, "first", half, "y"));
    try {
      await assert.rejects(scan(), (error) => {
        assert.ok(error instanceof BuildContextError);
        assert.match(error.path, /^first\/x+\//);
        assert.match(error.message, /cannot be read \(ENAMETOOLONG/);
        return true;
      });
      assert.deepEqual(await paths(["first"]), ["second/"]);
    } finally {
      await rename(join(root, "first", half, "y"), join(root, "second", top));
    }
  });

  it("refuses a context that is no folder", async () => {
    await put("file");
    await assert.rejects(scanContext({ root: join(root, "file"), ignore: new IgnoreMatcher([]) }), ContextChangedError);
    await assert.rejects(scanContext({ root: join(root, "gone"), ignore: new IgnoreMatcher([]) }), ContextChangedError);
  });
});
