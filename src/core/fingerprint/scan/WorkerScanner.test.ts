import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, realpath, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { BuildContextError, ContextChangedError } from "../../errors/imageErrors";
import { InProcessScanner } from "./InProcessScanner";
import type { ScanRequest } from "./ScanRequest";
import { WorkerScanner } from "./WorkerScanner";

/** A thread that gives the wrong answer. */
const ANSWERS_AT_ONCE =
  'const { parentPort } = require("node:worker_threads"); parentPort.on("message", ({ id }) => parentPort.postMessage({ kind: "table", id }))';

describe("WorkerScanner", () => {
  let root: string;
  let scanner: WorkerScanner;

  before(() => {
    scanner = new WorkerScanner();
  });
  after(async () => {
    await scanner.dispose();
  });
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "slipway-worker-")));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const request = (more: Partial<ScanRequest> = {}): ScanRequest => ({
    root,
    ignore: [],
    selection: { kind: "all", doubts: [] },
    cache: undefined,
    ...more,
  });
  /** A thread that runs this text. */
  const running = (program: string): WorkerScanner =>
    new WorkerScanner(() => ({ program, options: { eval: true, execArgv: [] } }));
  const ends = (path: string, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof BuildContextError, String(error));
    assert.equal(error.path, path);
    assert.match(error.message, message);
    return true;
  };

  it("finds what a scan in this thread finds", async () => {
    await mkdir(join(root, "d"));
    await writeFile(join(root, "d/ä\u{1F680}"), "content");
    await writeFile(join(root, "z"), "");
    const here = await new InProcessScanner().scan(request());
    const there = await scanner.scan(request());
    assert.deepEqual([there.digest, there.count, there.bytes], [here.digest, here.count, here.bytes]);
    assert.deepEqual([there.count, there.bytes], [3, 7]);
    assert.deepEqual(await there.entries(), await here.entries());
    assert.deepEqual(await there.inputs(), await here.inputs());
  });

  it("gives the entries of the moment of the scan, whatever is scanned later", async () => {
    await writeFile(join(root, "a"), "1");
    const first = await scanner.scan(request());
    const entries = await first.entries();
    await writeFile(join(root, "a"), "2");
    await scanner.scan(request());
    assert.deepEqual(await first.entries(), entries);
  });

  it("has nothing to give of a snapshot that was released: whoever asks starts over", async () => {
    const snapshot = await scanner.scan(request());
    snapshot.release();
    await assert.rejects(snapshot.entries(), ContextChangedError);
  });

  it("fails as a scan in this thread does", async () => {
    await assert.rejects(
      scanner.scan(request({ root: join(root, "gone") })),
      (error) => error instanceof ContextChangedError && error.path === join(root, "gone"),
    );
    if (process.platform !== "win32" && process.getuid?.() !== 0) {
      await writeFile(join(root, "secret"), "");
      await chmod(join(root, "secret"), 0);
      await assert.rejects(scanner.scan(request()), ends("secret", /^secret: cannot be read \(EACCES/));
    }
  });

  it("has begun when it is told that a scan follows, and then waits for nothing else", async () => {
    const begun = running(ANSWERS_AT_ONCE);
    begun.prepare();
    await assert.rejects(begun.scan(request()), /answers with "table"/);
    const broken = running("throw new Error('broken')");
    broken.prepare();
    await assert.rejects(broken.scan(request()), ends(root, /has ended \(broken\)/));
    await Promise.all([begun.dispose(), broken.dispose()]);
  });

  it("takes several scans at once", async () => {
    await writeFile(join(root, "a"), "1");
    const snapshots = await Promise.all([scanner.scan(request()), scanner.scan(request({ ignore: ["a"] }))]);
    assert.deepEqual(
      snapshots.map(({ count }) => count),
      [1, 0],
    );
  });

  it("finds the same of many files, however many threads look at them", async () => {
    const paths = Array.from({ length: 600 }, (_, index) => `d${String(index % 40)}/file${String(index)}`);
    for (const path of paths) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), path);
    }
    const cache = { folder: join(root, "../", `${basename(root)}-cache`), name: "a" };
    try {
      for (const change of [undefined, paths[300], undefined]) {
        if (change !== undefined) {
          writeFileSync(join(root, change), "changed");
        }
        const here = await new InProcessScanner().scan(request());
        for (const more of [{}, { cache }]) {
          const there = await scanner.scan(request(more));
          assert.deepEqual([there.digest, there.count, there.bytes], [here.digest, here.count, here.bytes]);
          assert.deepEqual(await there.entries(), await here.entries());
        }
      }
    } finally {
      rmSync(cache.folder, { recursive: true, force: true });
    }
  }).timeout(20_000);

  describe("when aborted", () => {
    it("does not begin", async () => {
      const reason = new Error("enough");
      await assert.rejects(scanner.scan(request(), { signal: AbortSignal.abort(reason) }), reason);
    });

    it("ends in the middle of a large file, and closes it", async function () {
      if (process.platform === "win32") {
        this.skip();
      }
      // Sparse: it takes no space, and far longer to hash than the test may take.
      await writeFile(join(root, "huge"), "");
      await truncate(join(root, "huge"), 2 ** 40);
      const controller = new AbortController();
      const scanning = scanner.scan(request(), { signal: controller.signal });
      await setTimeout(20);
      controller.abort(new Error("enough"));
      await assert.rejects(scanning, new Error("enough"));
      // The thread has given it up as well: it has time for the next.
      assert.equal((await scanner.scan(request({ ignore: ["huge"] }))).count, 0);
      if (process.platform === "linux") {
        assert.deepEqual(
          openFiles().filter((file) => file.startsWith(root)),
          [],
        );
      }
    });
  });

  it("lets the event loop run while it works", async () => {
    await writeFile(join(root, "large"), "");
    await truncate(join(root, "large"), 64 << 20);
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    await scanner.scan(request());
    clearInterval(ticking);
    assert.ok(turns > 0, "timers fired meanwhile");
  });

  describe("when the thread ends", () => {
    for (const [what, program, detail] of [
      ["with an error", 'throw new Error("broken")', /has ended \(broken\)\. Try again/],
      ["of itself", "process.exit(3)", /has ended \(exit code 3\)\. Try again/],
      [
        "while it works",
        'require("node:worker_threads").parentPort.on("message", () => process.exit(4))',
        /has ended \(exit code 4\)/,
      ],
    ] as const) {
      it(`${what}, says so to whoever waits`, async () => {
        const broken = running(program);
        await assert.rejects(broken.scan(request()), ends(root, detail));
        await assert.rejects(broken.scan(request()), ends(root, detail));
      });
    }

    it("starts another one for the next scan", async () => {
      await writeFile(join(root, "a"), "1");
      const own = new WorkerScanner();
      const before = await own.scan(request());
      await own.dispose();
      await assert.rejects(before.entries(), ContextChangedError);
      const after = await own.scan(request());
      assert.equal(after.digest, before.digest);
      await own.dispose();
    });
  });

  it("keeps no process alive", () => {
    const program = [
      `const { WorkerScanner } = require(${JSON.stringify(join(__dirname, "WorkerScanner.ts"))});`,
      `const request = ${JSON.stringify(request())};`,
      `new WorkerScanner().scan({ ...request, cache: undefined }).then(({ count }) => console.log("count", count));`,
    ].join("\n");
    const cwd = join(__dirname, "../../../..");
    const argv = ["--import", "tsx", "--eval", program];
    assert.equal(execFileSync(process.execPath, argv, { cwd, encoding: "utf8", timeout: 20_000 }), "count 0\n");
  });
});

/** What this process has open (proc(5)); what is closed while this looks is left out. */
function openFiles(): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      return [];
    }
  });
}
