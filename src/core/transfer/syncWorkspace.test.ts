import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { FakeFileContainer } from "../../../test/fake/FakeFileContainer";
import { EngineLostError } from "../errors/engineErrors";
import { CopyInError } from "../errors/transferErrors";
import type { ContextScanner } from "../fingerprint/scan/ContextScanner";
import { InProcessScanner } from "../fingerprint/scan/InProcessScanner";
import { workspaceOf } from "../Workspace";
import { syncWorkspace } from "./syncWorkspace";
import type { TransferEvent } from "./TransferEvent";

const TARGET = "/workspace";

describe("syncWorkspace", () => {
  let root: string;
  let folder: string;
  let container: FakeFileContainer;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "slipway-sync-")));
    folder = join(root, "workspace");
    mkdirSync(folder);
    container = new FakeFileContainer();
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const sync = async (
    of = container,
    containerId = "c",
    scanner: ContextScanner = new InProcessScanner(),
  ): Promise<readonly TransferEvent[]> => {
    const events: TransferEvent[] = [];
    for await (const event of syncWorkspace({
      ...{ engine: of.engine, containerId, workspace: workspaceOf(folder), target: TARGET },
      ...{ owner: { uid: 1000, gid: 3_000_000 }, cacheFolder: join(root, "cache"), scanner },
    })) {
      events.push(event);
    }
    return events;
  };
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const remove = (path: string): void => {
    rmSync(join(folder, path), { recursive: true, force: true });
  };
  /** What the workspace has, as a fake container would have it. */
  const expected = (inner = ""): [string, string][] =>
    readdirSync(join(folder, inner)).flatMap((name) => {
      const path = join(inner, name);
      const file = join(folder, path);
      const stats = lstatSync(file);
      const place = `${TARGET}/${path}`;
      if (stats.isDirectory()) {
        return [[place, "/"] as [string, string], ...expected(path)];
      }
      return [[place, stats.isSymbolicLink() ? `-> ${readlinkSync(file)}` : readFileSync(file, "utf8")]];
    });
  const isUpToDate = (of = container): void => {
    for (const [path, content] of expected()) {
      assert.equal(of.files.get(path), content, path);
    }
  };
  const filesOf = (events: readonly TransferEvent[]): readonly number[] =>
    events.flatMap((event) => (event.type === "transfer" ? [event.files] : []));

  it("copies everything first, .git included, and asks the engine nothing when nothing has changed", async () => {
    write("a/b", "b");
    write(".git/HEAD", "ref");
    symlinkSync("/elsewhere", join(folder, "link"));
    chmodSync(join(folder, "a/b"), 0o4750);
    assert.deepEqual(filesOf(await sync()), [3]);
    isUpToDate();
    // Numbers that a tar's header has no room for.
    assert.equal(container.details.get(`${TARGET}/a/b`)?.slice(0, 9), "4750 1000");
    assert.match(container.details.get(`${TARGET}/a/b`) ?? "", /"gid":"3000000"/);
    const { calls } = container;
    assert.deepEqual(await sync(), []);
    assert.equal(container.calls, calls);
    chmodSync(join(folder, "a/b"), 0o640);
    assert.deepEqual(filesOf(await sync()), [1]);
    assert.deepEqual(filesOf(await sync(new FakeFileContainer(), "another")), [3]);
  });

  it("leaves out what .slipwayignore says, and removes what it says from now on", async () => {
    write("node_modules/x", "x");
    write("src/y", "y");
    await sync();
    write(".slipwayignore", "node_modules\n");
    await sync();
    assert.deepEqual([...container.files.keys()].sort(), [
      "/",
      TARGET,
      `${TARGET}/.slipwayignore`,
      `${TARGET}/src`,
      `${TARGET}/src/y`,
    ]);
    write(".slipwayignore", "[");
    await assert.rejects(sync(), (error) => error instanceof CopyInError && error.message.includes(".slipwayignore"));
  });

  it("puts a file where a folder was, and the other way round, also what the container made itself", async () => {
    write("a", "file");
    write("b/inner", "x");
    await sync();
    container.files.set(`${TARGET}/c`, "made");
    container.files.set(`${TARGET}/d`, "/").set(`${TARGET}/d/made`, "made");
    remove("a");
    remove("b");
    write("a/inner", "x");
    write("b", "file");
    write("c/inner", "x");
    write("d", "file");
    await sync();
    isUpToDate();
    assert.deepEqual(await sync(), []);
  });

  it("says what could not be removed, and removes it once that is possible", async () => {
    write("a", "a");
    await sync();
    remove("a");
    container.hasPrograms = false;
    const [, warning] = await sync();
    assert.ok(warning?.type === "warning" && /no "rm".*: a\./.test(warning.message), JSON.stringify(warning));
    container.hasPrograms = true;
    await sync();
    assert.equal(container.files.has(`${TARGET}/a`), false);
  });

  it("does not take for copied what changed between looking and copying", async () => {
    write("a", "looked");
    const scanner = new InProcessScanner();
    const changing: ContextScanner = {
      unwatch: (id) => {
        scanner.unwatch(id);
      },
      scan: async (...request) => {
        const snapshot = await scanner.scan(...request);
        write("a", "copied");
        return snapshot;
      },
    };
    await sync(container, "c", changing);
    assert.equal(container.files.get(`${TARGET}/a`), "copied");
    write("a", "looked");
    await sync();
    isUpToDate();
  });

  it("takes what two did at once for uncertain", async () => {
    write("a", "1");
    container.beforeEach = async (path) => {
      if (path.endsWith("/a")) {
        container.beforeEach = () => undefined;
        await sync();
      }
    };
    await sync();
    container.files.set(`${TARGET}/a`, "whatever came last");
    await sync();
    isUpToDate();
  });

  it("makes the copy the same again, whatever happens here and there", async function () {
    this.timeout(30_000);
    const name = fc.constantFrom("a", "b", "c", "d/e", "d/f", "d/g/h");
    const change = fc.oneof(
      fc.record({ kind: fc.constant("write" as const), name, text: fc.constantFrom("1", "22", "333") }),
      fc.record({ kind: fc.constant("remove" as const), name: fc.oneof(name, fc.constant("d"), fc.constant("d/g")) }),
      fc.record({ kind: fc.constant("folder" as const), name }),
      fc.record({ kind: fc.constant("link" as const), name }),
      fc.record({ kind: fc.constant("made" as const), name: fc.constantFrom("own", "d/own") }),
      fc.record({ kind: fc.constant("sync" as const), lostAfter: fc.option(fc.nat(4), { nil: undefined }) }),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 14 }), async (changes) => {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder);
        const own = new FakeFileContainer();
        const id = `run${String(run++)}`;
        const made = new Set<string>();
        for (const step of changes) {
          switch (step.kind) {
            case "write":
              try {
                write(step.name, step.text);
              } catch {
                // Something else is there.
              }
              break;
            case "remove":
              remove(step.name);
              break;
            case "folder":
              remove(step.name);
              mkdirSync(join(folder, step.name), { recursive: true });
              break;
            case "link":
              remove(step.name);
              mkdirSync(join(folder, dirname(step.name)), { recursive: true });
              symlinkSync("a", join(folder, step.name));
              break;
            case "made":
              if (own.files.get(dirname(`${TARGET}/${step.name}`)) === "/") {
                own.files.set(`${TARGET}/${step.name}`, "own");
                made.add(`${TARGET}/${step.name}`);
              }
              break;
            case "sync": {
              let left = step.lostAfter ?? Infinity;
              own.beforeEach = () => {
                if (left-- <= 0) {
                  throw new EngineLostError("unix:///x", "copying");
                }
                return undefined;
              };
              await sync(own, id).catch((error: unknown) => {
                assert.ok(error instanceof EngineLostError, String(error));
              });
              own.beforeEach = () => undefined;
            }
          }
        }
        await sync(own, id);
        isUpToDate(own);
        const known = new Set(expected().map(([path]) => path));
        for (const [path, content] of own.files) {
          const isParent = [...made].some((other) => other.startsWith(`${path}/`));
          assert.ok(known.has(path) || path === "/" || path === TARGET || content === "own" || isParent, path);
        }
        assert.deepEqual(await sync(own, id), []);
      }),
      { numRuns: 60 },
    );
  });
});
