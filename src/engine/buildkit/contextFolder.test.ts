import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IgnoreMatcher } from "../../core/dockerignore/IgnoreMatcher";
import { ContextChangedError } from "../../core/errors/imageErrors";
import { scanContext } from "../../../test/fake/scanContext";
import type { BuildContext } from "../../core/ports/BuildContext";
import { contextFolder } from "./contextFolder";
import { dockerfileFolder } from "./dockerfileFolder";
import { GO_MODE } from "./fsutilPacket";

describe("contextFolder", () => {
  let root: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "slipway-context-")));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const scan = async (): Promise<BuildContext> => ({
    root,
    entries: await scanContext({ root, ignore: new IgnoreMatcher([]) }),
    dockerfile: { pathInContext: undefined, content: Buffer.alloc(0) },
  });

  it("tells of each kind of entry as BuildKit's own client does", async () => {
    await mkdir(join(root, "d"), { mode: 0o750 });
    await writeFile(join(root, "d/f"), "four", { mode: 0o640 });
    await writeFile(join(root, "d-"), "");
    await symlink("größe", join(root, "l"));
    execFileSync("mkfifo", ["-m", "600", join(root, "p")]);
    const time = new Date("2021-03-04T05:06:07.250Z");
    await utimes(join(root, "d/f"), time, time);
    const folder = await contextFolder(await scan());
    assert.deepEqual(
      folder.map(({ stat: { path, mode, size, linkname }, content }) => [
        path,
        mode,
        size,
        linkname,
        content !== undefined,
      ]),
      [
        ["d", GO_MODE.directory + 0o750, 0, "", false],
        ["d/f", 0o640, 4, "", true],
        ["d-", 0o644, 0, "", true],
        ["l", GO_MODE.symlink + 0o777, 7, "größe", false],
        ["p", GO_MODE.fifo + 0o600, 0, "", false],
      ],
    );
    // What is below the millisecond comes from the content.
    assert.equal(Number((folder[1]?.stat.modTime ?? 0n) / 1_000_000n), time.getTime());
  });

  it("keeps the order of the walk, which is the builder's", async () => {
    for (const path of ["a", "a-b", "a/b", "b", "\u{1f600}", "\uff01"]) {
      await mkdir(join(root, `x/${path}`), { recursive: true });
    }
    const context = await scan();
    const folder = await contextFolder(context);
    assert.deepEqual(
      folder.map(({ stat }) => stat.path),
      context.entries.map(({ path }) => path),
    );
  });

  it("notices what is gone or of another kind", async () => {
    await writeFile(join(root, "a"), "");
    const context = await scan();
    await rm(join(root, "a"));
    await assert.rejects(contextFolder(context), ContextChangedError);
    await symlink("b", join(root, "a"));
    await assert.rejects(contextFolder(context), ContextChangedError);
  });

  it("takes the times that were seen when it was fingerprinted, and then looks at nothing", async () => {
    const dockerfile = { pathInContext: undefined, content: Buffer.alloc(0) };
    const entries = [
      { kind: "directory", path: "d", mode: 0o755, mtimeMs: 1_700_000_000_123.5 },
      { kind: "file", path: "d/f", mode: 0o644, size: 0, sha256: "0".repeat(64), mtimeMs: 1_700_000_000_123.999 },
      { kind: "symlink", path: "l", target: "t", mtimeMs: -0.25 },
    ] as const;
    const folder = await contextFolder({ root: join(root, "nowhere"), entries, dockerfile });
    assert.deepEqual(
      folder.map(({ stat }) => stat.modTime),
      [1_700_000_000_123_500_000n, 1_700_000_000_123_000_000n, -250_000n],
    );
  });

  it("gives small files whole and large ones in pieces, each as it was fingerprinted", async () => {
    const contents = [Buffer.alloc(0), Buffer.from("small"), Buffer.alloc(100_000, "large")];
    for (const [index, content] of contents.entries()) {
      await writeFile(join(root, String(index)), content);
    }
    const folder = await contextFolder(await scan());
    assert.deepEqual(
      folder.map(({ whole }) => whole === undefined),
      [false, false, true],
    );
    for (const [index, { content, whole }] of folder.entries()) {
      const pieces: Buffer[] = whole === undefined ? [] : [Buffer.from(whole())];
      for await (const piece of whole === undefined ? (content?.() ?? []) : []) {
        pieces.push(Buffer.from(piece));
      }
      assert.deepEqual(Buffer.concat(pieces), contents[index]);
      await writeFile(join(root, String(index)), "changed");
    }
    assert.throws(() => folder[1]?.whole?.(), ContextChangedError);
  });

  it("notices that a folder on the way is none any more", async () => {
    await mkdir(join(root, "d"));
    await writeFile(join(root, "d/f"), "");
    const { entries, ...context } = await scan();
    await rm(join(root, "d"), { recursive: true });
    await writeFile(join(root, "d"), "");
    const only = entries.filter(({ kind }) => kind === "file");
    await assert.rejects(contextFolder({ ...context, entries: only }), ContextChangedError);
  });

  it("ends when it is aborted", async () => {
    await writeFile(join(root, "a"), "");
    const reason = new Error("enough");
    await assert.rejects(contextFolder(await scan(), AbortSignal.abort(reason)), reason);
  });

  it("gives another content another time, also where a program has set the same, and never off by a millisecond", async () => {
    const time = new Date("2020-01-01T00:00:00Z");
    const times: (bigint | undefined)[] = [];
    for (const content of ["1", "2", "1"]) {
      await writeFile(join(root, "a"), content);
      await utimes(join(root, "a"), time, time);
      times.push((await contextFolder(await scan()))[0]?.stat.modTime);
    }
    assert.equal(times[0], times[2]);
    assert.notEqual(times[0], times[1]);
    for (const shown of times) {
      assert.equal(Number((shown ?? 0n) / 1_000_000n), time.getTime());
    }
  });
});

describe("dockerfileFolder", () => {
  it("has the Dockerfile and an ignore file that ignores nothing", async () => {
    const texts: string[] = [];
    for (const { stat, content } of dockerfileFolder(Buffer.from("FROM a\n"))) {
      for await (const piece of content?.() ?? []) {
        assert.equal(piece.length, stat.size);
        texts.push(`${stat.path}: ${Buffer.from(piece).toString()}`);
      }
    }
    assert.equal(texts[0], "Dockerfile: FROM a\n");
    assert.match(texts[1] ?? "", /^Dockerfile\.dockerignore: #[^\n]*\n$/);
  });

  it("gives another content another time, since the builder takes the same for unchanged", () => {
    const timeOf = (content: string): bigint | undefined => dockerfileFolder(Buffer.from(content))[0]?.stat.modTime;
    assert.equal(timeOf("FROM a"), timeOf("FROM a"));
    assert.notEqual(timeOf("FROM a"), timeOf("FROM b"));
    assert.ok((timeOf("FROM a") ?? -1n) > 0n);
  });
});
