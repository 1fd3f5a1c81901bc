import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContextChangedError } from "../../../errors/imageErrors";
import { ContextTable, hashAt } from "../ContextTable";
import { EntryReader } from "../EntryReader";
import { FILE_CALLS, type FileCalls } from "../FileCalls";
import { FileHasher } from "../FileHasher";
import { HashQueue } from "./HashQueue";
import { JobHelper, type ShareJob } from "./sharedJobs";

/** So many that another thread is told of them, twice, and some are left. */
const COUNT = 600;
const nothing = (): void => undefined;

describe("HashQueue", () => {
  let root: string;

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "slipway-queue-")));
    for (let index = 0; index < COUNT; index++) {
      writeFileSync(join(root, String(index)), `content ${String(index)}`);
    }
  });
  after(() => {
    rmSync(root, { recursive: true });
  });

  /** @returns the hash of each file, and how many files were opened in "this thread". */
  const hashAll = (share: ShareJob, checkpoint = nothing): { readonly hashes: string[]; readonly opened: number } => {
    let opened = 0;
    const calls: FileCalls = {
      ...FILE_CALLS,
      open: (path, flags) => {
        opened++;
        return FILE_CALLS.open(path, flags);
      },
    };
    const table = new ContextTable();
    const reader = new EntryReader(FILE_CALLS, undefined, undefined);
    const queue = new HashQueue({ root, table, hasher: new FileHasher(calls, nothing), share, checkpoint });
    for (let index = 0; index < COUNT; index++) {
      const path = String(index);
      const file = join(root, path);
      const row = reader.read({ file, path, stats: FILE_CALLS.lstat(file), counts: true });
      assert.ok(row !== undefined && row.hash === undefined);
      queue.add(table.push(row), row);
    }
    queue.finish();
    assert.equal(queue.count, COUNT);
    const data = table.data();
    return { hashes: Array.from({ length: COUNT }, (_, index) => toHex(hashAt(data, index))), opened };
  };
  const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const expected = Array.from({ length: COUNT }, (_, index) =>
    createHash("sha256")
      .update(`content ${String(index)}`)
      .digest("hex"),
  );
  const failing = (calls: Partial<FileCalls>): ShareJob => {
    const helper = new JobHelper({ ...FILE_CALLS, ...calls });
    return (job) => {
      helper.help(job);
    };
  };

  it("reads all itself when nobody helps", () => {
    assert.deepEqual(hashAll(nothing), { hashes: expected, opened: COUNT });
  });

  it("leaves to another thread what that gets done", () => {
    assert.deepEqual(hashAll(failing({})), { hashes: expected, opened: COUNT % 256 });
  });

  it("reads itself what another thread fails to read", () => {
    let count = 0;
    const share = failing({
      open: (path, flags) => {
        if (count++ % 2 === 0) {
          throw new Error("not here");
        }
        return FILE_CALLS.open(path, flags);
      },
    });
    assert.deepEqual(hashAll(share), { hashes: expected, opened: 256 + (COUNT % 256) });
  });

  it("reads itself what another thread has taken and died with", () => {
    const share: ShareJob = ({ rows }) => {
      Atomics.add(rows.control, 0, 10);
    };
    assert.deepEqual(hashAll(share), { hashes: expected, opened: COUNT });
  });

  it("fails as whoever reads in one thread does", () => {
    writeFileSync(join(root, "0"), "more and more");
    try {
      let size = 0;
      const grow: Partial<FileCalls> = {
        read: (file, buffer, length) => {
          writeFileSync(join(root, "0"), "x".repeat(++size));
          return FILE_CALLS.read(file, buffer, length);
        },
      };
      // The other thread does not say why it has failed; here, it is read in the end.
      assert.notEqual(hashAll(failing(grow)).hashes[0], expected[0]);
      rmSync(join(root, "0"));
      const stats = FILE_CALLS.lstat(join(root, "1"));
      const queue = new HashQueue({
        root,
        table: new ContextTable(),
        hasher: new FileHasher(FILE_CALLS, nothing),
        share: nothing,
        checkpoint: nothing,
      });
      const row = new EntryReader(FILE_CALLS, undefined, undefined).read({ file: "", path: "0", stats, counts: true });
      assert.ok(row !== undefined);
      queue.add(0, row);
      assert.throws(
        () => {
          queue.finish();
        },
        (error) => error instanceof ContextChangedError && error.path === "0",
      );
    } finally {
      writeFileSync(join(root, "0"), "content 0");
    }
  });

  it("ends when it is to", () => {
    const enough = new Error("enough");
    let left = 10;
    assert.throws(
      () =>
        hashAll(nothing, () => {
          if (--left === 0) {
            throw enough;
          }
        }),
      enough,
    );
  });
});
