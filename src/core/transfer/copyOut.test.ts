import assert from "node:assert/strict";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { pack, type Header } from "tar-stream";
import type { CopyOutConfiguration } from "../config/WorkspaceConfiguration";
import { EngineLostError } from "../errors/engineErrors";
import { CopyLimitError, CopyOutError } from "../errors/transferErrors";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { PathStat } from "../ports/ContainerTypes";
import { copyOut, type CopyOutOptions } from "./copyOut";
import type { TransferEvent } from "./TransferEvent";

type Given = Partial<Omit<Header, "type">> & {
  readonly name: string;
  readonly type?: Header["type"];
  readonly content?: string;
};

async function tarOf(entries: readonly Given[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) {
    if ((header.type ?? "file") === "file") {
      tar.entry(header, content ?? "");
    } else {
      tar.entry(header);
    }
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  return Buffer.concat(chunks);
}

/** An engine that sends this for whatever it is asked for. */
function sending(chunks: () => AsyncIterable<Uint8Array>, kind: PathStat["kind"] = "directory"): ContainerEngine {
  const answers: Pick<ContainerEngine, "statPath" | "copyFrom"> = {
    statPath: async (_, path) =>
      Promise.resolve(
        /[*?[]|missing/.test(path) ? undefined : { name: path, sizeBytes: 0, kind, mode: 0o755, linkTarget: undefined },
      ),
    copyFrom: chunks,
  };
  return answers as ContainerEngine;
}

async function* inPieces(whole: Uint8Array, size = 700): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < whole.length; start += size) {
    await Promise.resolve();
    yield whole.subarray(start, start + size);
  }
}

/** Everything below a folder, links not followed, for comparing. */
function treeOf(folder: string, prefix = ""): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isDirectory()) {
      found[prefix + name] = `${mode} folder`;
      Object.assign(found, treeOf(path, `${prefix}${name}/`));
    } else {
      found[prefix + name] = `${mode} ${stats.isFile() ? readFileSync(path, "utf8") : `-> ${readlinkSync(path)}`}`;
    }
  }
  return found;
}

describe("copyOut", () => {
  let root: string;
  let workspace: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "slipway-out-"));
    workspace = join(root, "workspace");
    mkdirSync(workspace);
    mkdirSync(join(root, "outside"));
    writeFileSync(join(root, "outside", "secret"), "mine");
  });
  afterEach(async () => rm(root, { recursive: true, force: true }));

  const run = async (
    engine: ContainerEngine,
    item: Partial<CopyOutConfiguration> = {},
    more: Partial<CopyOutOptions> = {},
  ): Promise<readonly TransferEvent[]> => {
    const items = [{ source: "/work/dist", target: join(workspace, "dist"), ...item }];
    const events: TransferEvent[] = [];
    for await (const event of copyOut({
      ...{ engine, containerId: "c", workspaceFolder: workspace, items, failed: false },
      ...more,
    })) {
      events.push(event);
    }
    return events;
  };
  const runWith = async (entries: readonly Given[], item: Partial<CopyOutConfiguration> = {}, more = {}) => {
    const tar = await tarOf(entries);
    return run(
      sending(() => inPieces(tar)),
      item,
      more,
    );
  };
  const warnings = (events: readonly TransferEvent[]): string =>
    events.map((event) => (event.type === "warning" ? event.message : "")).join("\n");

  it("puts a folder's files, links, modes and times in place, and merges it with what is there", async () => {
    mkdirSync(join(workspace, "dist", "sub"), { recursive: true });
    writeFileSync(join(workspace, "dist", "old"), "old");
    writeFileSync(join(workspace, "dist", "sub", "mine"), "mine");
    symlinkSync(join(root, "outside"), join(workspace, "dist", "away"));
    const events = await runWith([
      { name: "dist/", type: "directory" },
      { name: "dist/old", content: "new", mode: 0o6755, mtime: new Date(1_000_000) },
      { name: "dist/sub/", type: "directory" },
      { name: "dist/sub/b", content: "b" },
      { name: "dist/sub/up", type: "symlink", linkname: "../old" },
      { name: "dist/same", type: "link", linkname: "dist/sub/b" },
      { name: "dist/away/secret", content: "theirs" },
    ]);
    const tree = treeOf(join(workspace, "dist"));
    assert.deepEqual(Object.keys(tree).sort(), [
      "away",
      "away/secret",
      "old",
      "same",
      "sub",
      "sub/b",
      "sub/mine",
      "sub/up",
    ]);
    assert.equal(tree["old"], "755 new");
    assert.equal(lstatSync(join(workspace, "dist", "old")).mtimeMs, 1_000_000);
    assert.equal(readFileSync(join(workspace, "dist", "sub", "up"), "utf8"), "new");
    assert.equal(readFileSync(join(workspace, "dist", "same"), "utf8"), "b");
    assert.equal(readFileSync(join(root, "outside", "secret"), "utf8"), "mine");
    const [event] = events;
    assert.ok(event?.type === "transfer");
    assert.deepEqual([event.direction, event.files, event.bytes, events.length], ["out", 5, 10, 1]);
    assert.deepEqual(readdirSync(workspace), ["dist"], "the staging folder is gone");
  });

  it("leaves out what could lead out, and what is neither a file, a folder nor a link, and names it", async () => {
    const events = await runWith([
      { name: "dist/", type: "directory" },
      { name: "dist/../../outside/evil", content: "x" },
      { name: "/etc/evil", content: "x" },
      { name: "elsewhere/evil", content: "x" },
      { name: "dist/out", type: "symlink", linkname: "../outside" },
      { name: "dist/out/evil", content: "x" },
      { name: "dist/abs", type: "symlink", linkname: "/etc" },
      { name: "dist/hard", type: "link", linkname: "outside/secret" },
      { name: "dist/in", type: "symlink", linkname: "." },
      { name: "dist/in/evil", content: "x" },
      { name: "dist/pipe", type: "fifo" },
      { name: "dist/dev", type: "block-device" },
      { name: "dist/ok", content: "ok" },
    ]);
    assert.deepEqual(Object.keys(treeOf(workspace)).sort(), [
      "dist",
      "dist/in",
      "dist/ok",
      "dist/out",
      "dist/out/evil",
    ]);
    assert.deepEqual(Object.keys(treeOf(join(root, "outside"))), ["secret"]);
    for (const name of [
      "dist/../../outside/evil",
      "/etc/evil",
      "dist/out",
      "dist/abs",
      "dist/hard",
      "dist/in/evil",
      "dist/pipe",
      "dist/dev",
    ]) {
      assert.ok(warnings(events).includes(name), name);
    }
  });

  it("takes of a folder what a pattern means, each below the pattern's folder", async () => {
    const entries: readonly Given[] = [
      { name: "work/", type: "directory" },
      { name: "work/a.js", content: "a" },
      { name: "work/sub/b.js", content: "b" },
      { name: "work/sub/c.ts", content: "c" },
      { name: "work/d.js/e", content: "e" },
    ];
    await runWith(entries, { source: "/work/*.js" });
    assert.deepEqual(Object.keys(treeOf(join(workspace, "dist"))).sort(), ["a.js", "d.js", "d.js/e"]);
    await runWith(entries, { source: "/work/**/*.js", target: join(workspace, "all") });
    assert.deepEqual(Object.keys(treeOf(join(workspace, "all"))).sort(), ["a.js", "d.js", "d.js/e", "sub", "sub/b.js"]);
    await assert.rejects(runWith(entries, { source: "/work/*.py" }), CopyOutError);
  });

  it("puts a file where it is to be, or into a folder", async () => {
    const tar = await tarOf([{ name: "dist", content: "file" }]);
    const engine = sending(() => inPieces(tar), "file");
    await run(engine);
    await run(engine, { target: join(workspace, "new/") });
    mkdirSync(join(workspace, "there"));
    await run(engine, { target: join(workspace, "there") });
    const tree = treeOf(workspace);
    assert.deepEqual([tree["dist"], tree["new/dist"], tree["there/dist"]], ["644 file", "644 file", "644 file"]);
  });

  it("says what a folder is in the way of", async () => {
    mkdirSync(join(workspace, "dist", "a"), { recursive: true });
    const events = await runWith([
      { name: "dist/a", content: "a" },
      { name: "dist/b", content: "b" },
    ]);
    assert.match(warnings(events), /Not replaced, .*dist\/a/);
    assert.deepEqual(Object.keys(treeOf(workspace)).sort(), ["dist", "dist/a", "dist/b"]);
  });

  it("goes nowhere but into the workspace", async () => {
    symlinkSync(join(root, "outside"), join(workspace, "away"));
    symlinkSync(join(root, "nowhere"), join(workspace, "dangling"));
    for (const target of ["away", "away/deep", "dangling", "../outside"]) {
      await assert.rejects(
        runWith([{ name: "dist/x", content: "x" }], { target: join(workspace, target) }),
        CopyOutError,
      );
    }
    assert.deepEqual(Object.keys(treeOf(join(root, "outside"))), ["secret"]);
  });

  it("fails where there is nothing, but only warns after a failed task, where it was asked for", async () => {
    const missing = { source: "/missing" };
    await assert.rejects(runWith([], missing), CopyOutError);
    assert.deepEqual(await runWith([], missing, { failed: true }), []);
    assert.match(warnings(await runWith([], { ...missing, onFailure: true }, { failed: true })), /there is nothing/);
  });

  it("takes no more than the limits, and says which one to raise", async () => {
    const entries = [
      { name: "dist/a", content: "12345" },
      { name: "dist/b", content: "12345" },
    ];
    const isLimit = (limit: string) => (error: unknown) => error instanceof CopyLimitError && error.limit === limit;
    await assert.rejects(runWith(entries, { maxBytes: 9 }), isLimit("maxSize"));
    await assert.rejects(runWith(entries, {}, { limits: { bytes: 10, entries: 1 } }), isLimit("maxEntries"));
    assert.deepEqual(readdirSync(workspace), []);
    await runWith(entries, { maxBytes: 10, maxEntries: 2 });
  });

  it("changes nothing when the tar is not whole, and tells a lost engine from a broken tar", async () => {
    mkdirSync(join(workspace, "dist"));
    writeFileSync(join(workspace, "dist", "a"), "before");
    const tar = await tarOf([
      { name: "dist/a", content: "a".repeat(2000) },
      { name: "dist/b", content: "b" },
    ]);
    // A header and four blocks of content: what came is well formed, and yet not all.
    const AFTER_FIRST = 5 * 512;
    const before = treeOf(root);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat(tar.length - 1025), fc.constant(AFTER_FIRST)),
        fc.boolean(),
        async (length, lost) => {
          const engine = sending(async function* () {
            yield* inPieces(tar.subarray(0, length));
            if (lost) {
              throw new EngineLostError("unix:///x", "copying");
            }
          });
          await assert.rejects(run(engine), lost ? EngineLostError : CopyOutError);
          assert.deepEqual(treeOf(root), before);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("lands nothing outside of the target, whatever the tar", async function () {
    this.timeout(30_000);
    const part = fc.constantFrom("dist", "a", "b", "..", ".", "", "A", "é", "x".repeat(300), "outside");
    const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/") || "dist");
    const entry = fc.record({
      name: fc.oneof(
        path,
        path.map((rest) => `dist/${rest}`),
      ),
      type: fc.constantFrom<Header["type"]>(
        "file",
        "directory",
        "symlink",
        "symlink",
        "link",
        "fifo",
        "character-device",
      ),
      linkname: fc.oneof(
        path,
        path.map((rest) => `dist/${rest}`),
        fc.constantFrom("/etc/passwd", "/", "../../outside"),
      ),
      mode: fc.constantFrom(0, 0o644, 0o755, 0o4777, 0o7777),
      content: fc.constantFrom("", "evil"),
    });
    mkdirSync(join(workspace, "dist", "a"), { recursive: true });
    symlinkSync(join(root, "outside"), join(workspace, "dist", "b"));
    writeFileSync(join(workspace, "other"), "other");
    const surroundings = (): unknown => {
      const all = Object.entries(treeOf(root));
      return all.filter(([name]) => !name.startsWith("workspace/dist/"));
    };
    const before = surroundings();
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (entries) => {
        const tar = await tarOf(entries.map((given) => ({ ...given, linkname: given.linkname || "x" })));
        await run(sending(() => inPieces(tar, 512))).catch((error: unknown) => {
          assert.ok(error instanceof CopyOutError, String(error));
        });
        assert.deepEqual(surroundings(), before);
        for (const [name, what] of Object.entries(treeOf(join(workspace, "dist")))) {
          assert.ok(!/^[1-7]\d{3} /.test(what), `${name}: ${what}`);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("survives random bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        await assert.rejects(run(sending(() => inPieces(Buffer.concat([bytes, Buffer.from([1])])))), CopyOutError);
        assert.deepEqual(readdirSync(workspace), []);
      }),
      { numRuns: 40 },
    );
  });
});
