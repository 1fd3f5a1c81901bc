import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { chmod, link, mkdir, mkdtemp, realpath, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CountingFileCalls } from "../../../../test/fake/CountingFileCalls";
import { ContextChangedError } from "../../errors/imageErrors";
import { InProcessScanner } from "./InProcessScanner";
import { isRacy } from "./isRacy";

/** Long enough ago for its times to be trusted. */
const LONG_AGO = 1_000_000_000;

describe("StatCacheFile", () => {
  let parent: string;
  let root: string;
  let folder: string;
  let calls: CountingFileCalls;

  beforeEach(async () => {
    parent = await realpath(await mkdtemp(join(tmpdir(), "slipway-cache-")));
    root = join(parent, "context");
    folder = join(parent, "cache", "w");
    await mkdir(root);
    calls = new CountingFileCalls();
  });
  afterEach(async () => {
    await rm(parent, { recursive: true });
  });

  const put = async (path: string, content = path): Promise<void> => {
    await writeFile(join(root, path), content);
    await utimes(join(root, path), LONG_AGO, LONG_AGO);
  };
  /** Moves this process's clock on, so that what has just been made is old: no file system lets a ctime be set. */
  const later = async <T>(ms: number, action: () => Promise<T>): Promise<T> => {
    const real = Date.now;
    Date.now = () => real() + ms;
    try {
      return await action();
    } finally {
      Date.now = real;
    }
  };
  /** @returns the digest and which files were read for it. */
  const scan = async (
    name = "a",
    ms = 10_000,
  ): Promise<{ readonly digest: string; readonly read: readonly string[] }> => {
    calls.forget();
    const { digest } = await later(ms, async () =>
      new InProcessScanner(calls).scan({
        root,
        ignore: [],
        selection: { kind: "all", doubts: [] },
        cache: { folder, name },
      }),
    );
    return { digest, read: calls.opened.map((path) => basename(path)) };
  };
  const cacheFile = (): string => {
    const [name] = readdirSync(folder);
    assert.ok(name !== undefined);
    return join(folder, name);
  };

  it("lets no file be read twice that has not changed", async () => {
    await put("a");
    await put("ä\u{1F680}");
    await put("b");
    const first = await scan();
    assert.deepEqual(first.read, ["a", "b", "ä\u{1F680}"]);
    assert.deepEqual(await scan(), { digest: first.digest, read: [] });
    await put("a b");
    await rm(join(root, "b"));
    const { read, digest } = await scan();
    assert.deepEqual(read, ["a b"]);
    assert.deepEqual(await scan(), { digest, read: [] });
    assert.deepEqual(await scan("another"), { digest, read: ["a", "a b", "ä\u{1F680}"] });
  });

  for (const [what, change] of [
    ["content of the same length, and its time set back", async () => put("a", "2")],
    [
      "another file of the same size and time in its place",
      async () => {
        await put("b", "2");
        await rename(join(root, "b"), join(root, "a"));
      },
    ],
    [
      "content written through a hard link",
      async () => {
        await link(join(root, "a"), join(parent, "other"));
        await writeFile(join(parent, "other"), "2");
        await utimes(join(parent, "other"), LONG_AGO, LONG_AGO);
      },
    ],
  ] as const) {
    it(`notices ${what}`, async () => {
      await put("a", "1");
      const before = await scan();
      await change();
      const after = await scan();
      assert.notEqual(after.digest, before.digest);
      assert.deepEqual(after.read, ["a"]);
    });
  }

  it("is told apart from a change of permissions, which is another context", async function () {
    if (process.platform === "win32") {
      this.skip();
    }
    await put("a");
    const before = await scan();
    await chmod(join(root, "a"), 0o600);
    assert.notEqual((await scan()).digest, before.digest);
  });

  it("reads a file again that may have changed once more within the step of its times", async () => {
    await put("a");
    assert.deepEqual((await scan("a", 0)).read, ["a"]);
    assert.deepEqual((await scan("a", 0)).read, ["a"]);
    assert.deepEqual((await scan("a", 10_000)).read, ["a"]);
    assert.deepEqual((await scan("a", 10_000)).read, []);
  });

  it("reads a file again whose time is in the future, as when a clock was set back", async () => {
    await put("a");
    utimesSync(join(root, "a"), Date.now() / 1000 + 3600, Date.now() / 1000 + 3600);
    assert.deepEqual((await scan()).read, ["a"]);
    assert.deepEqual((await scan()).read, ["a"]);
  });

  it("takes times for settled only when they are older than two seconds", () => {
    const at = (mtimeMs: number, ctimeMs: number): boolean => isRacy({ mtimeMs, ctimeMs }, 10_000);
    assert.deepEqual(
      [at(7_999, 7_999), at(8_000, 0), at(0, 8_000), at(10_001, 0), at(NaN, 0)],
      [false, true, true, true, true],
    );
  });

  it("hashes a file again that changes while it is read, and gives up when it does not come to rest", async () => {
    await put("a", "1");
    const clean = await scan();
    await put("a", "0");
    let changes = 1;
    calls.onRead = (path) => {
      if (changes-- > 0) {
        writeFileSync(path, "1");
        utimesSync(path, LONG_AGO, LONG_AGO);
      }
    };
    const { digest, read } = await scan();
    assert.deepEqual([digest, read], [clean.digest, ["a", "a"]]);
    changes = 1;
    await put("a", "2");
    calls.onRead = (path) => {
      writeFileSync(path, "x".repeat(++changes));
    };
    await assert.rejects(scan(), (error) => error instanceof ContextChangedError && error.path === "a");
  });

  it("is this user's alone, and written only when there is something new", async function () {
    if (process.platform === "win32") {
      this.skip();
    }
    await put("a");
    await scan();
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(cacheFile()).mode & 0o777, 0o600);
    const { ino } = statSync(cacheFile());
    await scan();
    assert.equal(statSync(cacheFile()).ino, ino);
    await rm(join(root, "a"));
    await scan();
    assert.notEqual(statSync(cacheFile()).ino, ino);
  });

  it("keeps no more than the last scan saw, and few files for each workspace", async () => {
    await put("a");
    await put("b");
    await scan();
    const { size } = statSync(cacheFile());
    await rm(join(root, "a"));
    await scan();
    assert.ok(statSync(cacheFile()).size < size);
    for (let index = 0; index < 20; index++) {
      await scan(`n${String(index)}`);
    }
    assert.equal(readdirSync(folder).length, 8);
  });

  it("is dropped when any byte of it is another, or any of it is missing, and then made anew", async () => {
    await put("a");
    await put("b");
    const { digest } = await scan();
    const whole = readFileSync(cacheFile());
    const damaged = [
      ...Array.from({ length: whole.length }, (_, index) => whole.with(index, (whole[index] ?? 0) ^ 0x10)),
      ...Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length)),
      Buffer.concat([whole, Buffer.from("x")]),
    ];
    for (const [index, bytes] of damaged.entries()) {
      writeFileSync(cacheFile(), bytes);
      assert.deepEqual(await scan(), { digest, read: ["a", "b"] }, String(index));
    }
    assert.deepEqual(await scan(), { digest, read: [] });
  }).timeout(20_000);

  for (const [what, spoil] of [
    ["a folder is in its place", async () => mkdir(join(folder, "a.stat", "x"), { recursive: true })],
    [
      "its folder is a file",
      async () => {
        await mkdir(join(parent, "cache"), { recursive: true });
        await writeFile(folder, "");
      },
    ],
  ] as const) {
    it(`does not matter when ${what}`, async () => {
      await put("a");
      await spoil();
      const { digest, read } = await scan();
      assert.deepEqual(read, ["a"]);
      assert.deepEqual(await scan(), { digest, read: ["a"] });
    });
  }
});
