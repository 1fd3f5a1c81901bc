import assert from "node:assert/strict";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { CountingFileCalls } from "../../../../../test/fake/CountingFileCalls";
import type { ContextSnapshot } from "../ContextScanner";
import { FILE_CALLS } from "../FileCalls";
import { InProcessScanner } from "../InProcessScanner";
import { JobHelper } from "../shared/sharedJobs";

/** Long enough for times to settle. */
const SETTLED = 10_000;
/** So many that another thread is told of them. */
const MANY = 1_200;

/** What this machine's file system says of changes, which verifyScan rests on. */
describe("verifyScan on files", () => {
  let parent: string;
  let root: string;
  const realNow = Date.now;

  beforeEach(() => {
    parent = realpathSync(mkdtempSync(join(tmpdir(), "slipway-verified-")));
    root = join(parent, "context");
    mkdirSync(root);
    // What has just been made is old: no file system lets a ctime be set.
    Date.now = () => realNow() + SETTLED;
  });
  afterEach(() => {
    Date.now = realNow;
    rmSync(parent, { recursive: true });
  });

  const put = (path: string, content = path): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const scanWith = async (scanner: InProcessScanner, cached = true): Promise<ContextSnapshot> => {
    const cache = cached ? { folder: join(parent, "cache"), name: "a" } : undefined;
    return scanner.scan({ root, ignore: [], selection: { kind: "all", doubts: [] }, cache });
  };
  /** Since all times count as settled, what happens next must not happen within the same step of them. */
  const nextStep = (): void => {
    const probe = join(parent, "probe");
    const time = (): number => (writeFileSync(probe, ""), statSync(probe).ctimeMs);
    const before = time();
    while (time() === before) {
      // It is a few milliseconds.
    }
  };
  const agrees = async (scanner: InProcessScanner, what = ""): Promise<void> => {
    const [found, fresh] = [await scanWith(scanner), await scanWith(new InProcessScanner(), false)];
    assert.deepEqual(await found.entries(), await fresh.entries(), what);
    assert.equal(found.digest, fresh.digest, what);
    nextStep();
  };

  it("finds what a scan without a cache finds, whatever is done to them", async () => {
    const path = fc.constantFrom("a", "b", "d", "d/a", "d/b", "d/e", "d/e/a", "e");
    const what = fc.constantFrom("write", "append", "remove", "folder", "link", "hard", "mode", "rename", "back");
    const edit = fc.record({ what, path, to: path });
    const apply = (change: { readonly what: string; readonly path: string; readonly to: string }): void => {
      const [file, to] = [join(root, change.path), join(root, change.to)];
      switch (change.what) {
        case "write":
          writeFileSync(file, change.to);
          return;
        case "append":
          writeFileSync(file, "more", { flag: "a" });
          return;
        case "remove":
          rmSync(file, { recursive: true, force: true });
          return;
        case "folder":
          mkdirSync(file);
          return;
        case "link":
          symlinkSync(change.to, file);
          return;
        case "hard":
          linkSync(to, file);
          return;
        case "mode":
          chmodSync(file, (statSync(file).mode & 0o777) === 0o755 ? 0o750 : 0o755);
          return;
        case "rename":
          renameSync(file, to);
          return;
        case "back": {
          const { atime, mtime } = statSync(file);
          writeFileSync(file, "x");
          utimesSync(file, atime, mtime);
        }
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(edit, { maxLength: 3 }), { maxLength: 5 }), async (rounds) => {
        rmSync(root, { recursive: true });
        ["a", "d/a", "d/e/a"].forEach((each) => {
          put(each);
        });
        const scanner = new InProcessScanner();
        nextStep();
        await agrees(scanner);
        for (const [index, round] of rounds.entries()) {
          for (const each of round) {
            try {
              apply(each);
            } catch {
              // There is no such file, or something else in its place: nothing changes.
            }
          }
          await agrees(scanner, JSON.stringify(rounds.slice(0, index + 1)));
        }
      }),
      { numRuns: 40 },
    );
  }).timeout(20_000);

  it("looks at each of many once, whichever thread does", async () => {
    const paths = Array.from({ length: MANY }, (_, index) => `d${String(index % 30)}/file${String(index)}`);
    paths.forEach((path) => {
      put(path);
    });
    const [here, there] = [new CountingFileCalls(), new CountingFileCalls()];
    const helper = new JobHelper(there);
    const scanner = new InProcessScanner(here, (job) => {
      helper.help(job);
    });
    nextStep();
    await agrees(scanner);
    [here, there].forEach((calls) => {
      calls.forget();
    });
    await agrees(scanner);
    assert.deepEqual([here.lstats.length, there.lstats.length], [0, 1 + 30 + MANY]);
    assert.deepEqual([here.folders, here.opened, there.folders, there.opened], [[], [], [], []]);
    put("d7/new");
    put("d3/file3", "2");
    rmSync(join(root, "d0/file0"));
    await agrees(scanner);
    const alone = new InProcessScanner(FILE_CALLS, ({ rows }) => {
      // Another thread that has taken something and died.
      Atomics.add(rows.control, 0, 64);
    });
    put("d0/file30", "2");
    await agrees(alone);
  }).timeout(20_000);
});
