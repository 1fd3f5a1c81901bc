import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildInput } from "./BuildInput";
import { manifestLines } from "./manifestFormat";
import { ManifestStore } from "./ManifestStore";

const every: readonly BuildInput[] = [
  { kind: "dockerfile", path: "Dockerfile", sha256: "1" },
  { kind: "target", value: "dev" },
  { kind: "platform", value: "linux/amd64" },
  { kind: "arg", name: "A", value: "ä\n" },
  { kind: "certificates", sha256: "3" },
  { kind: "option", name: "label a", value: "b" },
  { kind: "base-image", reference: "node:20", imageId: null },
  { kind: "base-image", reference: "alpine:3", imageId: "sha256:1" },
  { kind: "remote", url: "https://example.com/a" },
  { kind: "directory", path: "d", mode: 0o755 },
  { kind: "file", path: "d/f", mode: 0o644, size: 3, sha256: "2" },
  { kind: "symlink", path: "l", target: "d" },
  { kind: "fifo", path: "p", mode: 0o600 },
];
const one = (value: string): readonly BuildInput[] => [{ kind: "target", value }];

describe("ManifestStore", () => {
  let parent: string;
  let folder: string;
  let store: ManifestStore;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "slipway-manifests-"));
    folder = join(parent, "not", "yet", "there");
    store = new ManifestStore(folder);
  });
  afterEach(async () => {
    await rm(parent, { recursive: true });
  });

  const save = async (fingerprint: string, inputs: readonly BuildInput[], to = store): Promise<void> =>
    to.save(fingerprint, await manifestLines(inputs));
  const compare = async (inputs: readonly BuildInput[]) => store.compareLatest(async () => manifestLines(inputs));
  const fileOf = async (fingerprint: string): Promise<string> => {
    const name = (await readdir(folder)).find((each) => each.startsWith(fingerprint));
    assert.ok(name !== undefined);
    return join(folder, name);
  };
  /** Makes a manifest look as if it had been saved at a time. */
  const age = async (fingerprint: string, seconds: number): Promise<void> =>
    utimes(await fileOf(fingerprint), seconds, seconds);

  it("knows nothing before anything was saved", async () => {
    assert.equal(await store.load("a"), undefined);
    assert.equal(await store.latest(), undefined);
  });

  it("keeps what it saves, and what was saved before, to its owner", async function () {
    if (process.platform === "win32") {
      this.skip();
    }
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await save("a", every);
    assert.equal((await stat(await fileOf("a"))).mode & 0o777, 0o600);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
  });

  it("gives back what was saved, field by field in the same order", async () => {
    await save("a", every);
    assert.deepEqual(await store.load("a"), every);
    assert.equal(
      JSON.stringify(await store.load("a")),
      JSON.stringify(every),
      "changes are found by comparing the text",
    );
    assert.deepEqual(await new ManifestStore(folder).latest(), { fingerprint: "a", inputs: every });
  });

  it("takes the one that was saved last as the latest, also when it was known before", async () => {
    await save("a", one("a"));
    await save("b", one("b"));
    await age("a", 1);
    await age("b", 2);
    assert.equal((await store.latest())?.fingerprint, "b");
    await save("a", one("again"));
    assert.deepEqual(await store.latest(), { fingerprint: "a", inputs: one("again") });
  });

  for (const [what, content] of [
    ["empty", ""],
    ["no JSON", "{"],
    ["null", "null"],
    ["of another version", JSON.stringify({ version: 3, inputs: [] })],
    ["of another version, in lines", `${JSON.stringify({ version: 3, count: 0 })}\n`],
    ["shorter than it says", `${JSON.stringify({ version: 2, count: 1 })}\n`],
    ["longer than it says", `${JSON.stringify({ version: 2, count: 0 })}\n${JSON.stringify(one("x")[0])}\n`],
    ["without inputs", JSON.stringify({ version: 1 })],
    ["with an input of an unknown kind", JSON.stringify({ version: 1, inputs: [{ kind: "wish" }] })],
    [
      "with a field of another type",
      JSON.stringify({ version: 1, inputs: [{ kind: "fifo", path: "p", mode: "644" }] }),
    ],
    ["binary", "\u0000\uFFFD\u0001"],
  ] as const) {
    it(`passes over a manifest that is ${what}, and takes the one before`, async () => {
      await save("good", one("x"));
      await save("bad", one("y"));
      await writeFile(await fileOf("bad"), content);
      await age("good", 1);
      await age("bad", 2);
      assert.equal(await store.load("bad"), undefined);
      assert.equal((await store.latest())?.fingerprint, "good");
      await save("bad", one("mended"));
      assert.deepEqual(await store.load("bad"), one("mended"));
    });
  }

  it("reads those of the first versions, and compares with them", async () => {
    await save("a", one("new"));
    const inputs = every.filter(({ kind }) => kind !== "option" && kind !== "remote");
    await writeFile(await fileOf("a"), JSON.stringify({ version: 1, inputs }));
    assert.deepEqual(await store.load("a"), inputs);
    assert.deepEqual(await compare(every), {
      fingerprint: "a",
      differing: { before: [], after: every.filter((input) => !inputs.includes(input)) },
    });
  });

  it("tells how the latest one differs from other inputs", async () => {
    await save("a", one("a"));
    await save("b", every);
    await age("a", 1);
    assert.deepEqual(await compare(every), { fingerprint: "b", differing: { before: [], after: [] } });
    const changed = every.map((input) => (input.kind === "arg" ? { ...input, value: "2" } : input));
    assert.deepEqual(await compare([...changed, ...one("more")]), {
      fingerprint: "b",
      differing: {
        before: [{ kind: "arg", name: "A", value: "ä\n" }],
        after: [{ kind: "arg", name: "A", value: "2" }, ...one("more")],
      },
    });
    assert.deepEqual(await compare([]), { fingerprint: "b", differing: { before: every, after: [] } });
  });

  it("compares with the one before where the latest one cannot be read, also only in a line that differs", async () => {
    await save("good", one("x"));
    for (const damaged of ['{"kind":"wish"}\n', "{\n", `${JSON.stringify(one("y")[0])}\n{}\n`, ""]) {
      await save("bad", one("y"));
      await writeFile(await fileOf("bad"), `${JSON.stringify({ version: 2, count: 1 })}\n${damaged}`);
      await age("good", 1);
      assert.equal((await compare(one("y")))?.fingerprint, "good", damaged);
    }
  });

  it("makes no lines where there is nothing to compare with, and fails where they cannot be made", async () => {
    const failing = async (): Promise<never> => Promise.reject(new Error("they have changed"));
    assert.equal(await store.compareLatest(failing), undefined);
    await save("a", one("a"));
    await assert.rejects(store.compareLatest(failing), /they have changed/);
  });

  it("writes inputs as JSON.stringify does, and nothing that entries have besides", async () => {
    const odd: readonly BuildInput[] = ['"', "\\", "\n", "\u2028", "\ud800", "größe", "{}"].flatMap(
      (path): readonly BuildInput[] => [
        { kind: "file", path, mode: 0, size: 2 ** 40, sha256: "ab" },
        { kind: "directory", path, mode: 0o7777 },
        { kind: "fifo", path, mode: 1 },
        { kind: "symlink", path, target: path },
      ],
    );
    const all = [...every, ...odd];
    assert.deepEqual(
      await manifestLines(all),
      all.map((input) => JSON.stringify(input)),
    );
    const timed = odd.map((input) => ({ ...input, mtimeMs: 1 }));
    assert.deepEqual(await manifestLines(timed), await manifestLines(odd));
  });

  it("is touched when it is used again, which makes it the latest and leaves it as it is", async () => {
    assert.equal(await store.touch("a"), false);
    await save("a", one("a"));
    await save("b", one("b"));
    await age("a", 1);
    await age("b", 2);
    assert.equal(await store.touch("a"), true);
    assert.deepEqual(await store.latest(), { fingerprint: "a", inputs: one("a") });
    assert.equal(await store.touch("gone"), false);
    assert.equal((await readdir(folder)).length, 2);
  });

  it("lets others run while it reads and writes very many inputs", async () => {
    const many = Array.from({ length: 100_000 }, (_, index): BuildInput => ({
      kind: "directory",
      path: `some/folder/${String(index)}`,
      mode: 0o755,
    }));
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    await save("many", many);
    const afterSave = turns;
    assert.equal((await store.load("many"))?.length, many.length);
    clearInterval(ticking);
    assert.ok(afterSave > 2 && turns - afterSave > 2, `${String(afterSave)}, ${String(turns)}`);
  });

  it("passes over a manifest that was cut off at any byte", async () => {
    await save("a", every);
    const file = await fileOf("a");
    const { length } = await readFile(file);
    for (let size = length - 1; size >= 0; size -= 37) {
      await truncate(file, size);
      assert.equal(await store.load("a"), undefined, String(size));
    }
  });

  it("passes over a folder in a manifest's place", async () => {
    await save("a", every);
    const file = await fileOf("a");
    await rm(file);
    await mkdir(file);
    assert.equal(await store.load("a"), undefined);
    assert.equal(await store.latest(), undefined);
  });

  it("does not wait at a FIFO in a manifest's place", async () => {
    await save("a", every);
    const file = await fileOf("a");
    await rm(file);
    execFileSync("mkfifo", [file]);
    assert.equal(await store.load("a"), undefined);
  });

  it("keeps the ten that were saved last", async () => {
    for (let index = 0; index < 12; index++) {
      await save(`f${String(index)}`, one(String(index)));
      await age(`f${String(index)}`, 1000 + index);
    }
    await save("last", one("last"));
    const kept = await Promise.all(
      ["f0", "f1", "f2", "f3", "f11", "last"].map(async (name) => (await store.load(name)) !== undefined),
    );
    assert.deepEqual(kept, [false, false, false, true, true, true]);
    assert.equal((await readdir(folder)).length, 10);
  });

  it("takes saves at the same time, of one image and of several, from one window and from two", async () => {
    const stores = [store, new ManifestStore(folder)];
    const saves = Array.from({ length: 40 }, async (_, index) =>
      save(`f${String(index % 4)}`, [...every, { kind: "arg", name: "I", value: String(index) }], stores[index % 2]),
    );
    await Promise.all(saves);
    for (const name of ["f0", "f1", "f2", "f3"]) {
      assert.equal((await store.load(name))?.length, every.length + 1, name);
    }
    assert.equal((await readdir(folder)).length, 4, "no temporary file is left");
  });

  it("leaves no temporary file when a manifest cannot be put in place", async () => {
    await save("a", one("a"));
    const file = await fileOf("a");
    await rm(file);
    await mkdir(join(file, "in the way"), { recursive: true });
    await assert.rejects(save("a", one("b")));
    assert.deepEqual(await readdir(folder), [file.slice(folder.length + 1)]);
  });
});
