import assert from "node:assert/strict";
import fc from "fast-check";
import { ContainerPathError } from "../../../src/core/errors/containerErrors";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { FILE } from "../programs/filePrograms";
import { BASIC } from "../programs/basicPrograms";
import { sharedContainer } from "../sharedContainer";
import { fileTree } from "../fileTree";
import { readTar, tarOf, type TarEntry } from "../tarOf";

const GIVEN: readonly TarEntry[] = [
  { name: "in", type: "directory" },
  { name: "in/hello", type: "file", mode: 0o640, uid: 77, gid: 78, content: "hello\n" },
  { name: "in/tool", type: "file", mode: 0o755, content: "#!/bin/sh\n" },
  { name: "in/sub", type: "directory", mode: 0o700, uid: 12, gid: 13 },
  { name: "in/link", type: "symlink", target: "hello" },
];
const LOOKED = "hello\n640 77 78\n755 0 0\n700 12 13\nhello\n";

export function describeFiles(fixture: ConformanceFixture): void {
  describe("files", () => {
    const container = sharedContainer(fixture);

    it("are copied into a running container with modes, owners and links", async () => {
      await fixture.engine.copyTo(container(), "/", tarOf(GIVEN));
      assert.equal((await fixture.execToEnd(container(), FILE.look)).stdout, LOOKED);
    });

    it("are copied into a container that was never started, and into one that has ended", async () => {
      const { id, output } = await fixture.startReading({ program: BASIC.ok });
      await output.end();
      await fixture.engine.waitForExit(id);
      const created = await fixture.create({ program: FILE.look });
      for (const stopped of [id, created]) {
        await fixture.engine.copyTo(stopped, "/", tarOf(GIVEN));
        const entry = (await readTar(fixture.engine.copyFrom(stopped, "/in/hello"))).get("hello");
        const owner = fixture.differences.ownersOut === "kept" ? [77, 78] : [0, 0];
        assert.deepEqual([entry?.mode, entry?.uid, entry?.gid], [0o640, ...owner]);
      }
      const reading = await fixture.engine.attachContainer(created);
      await fixture.engine.startContainer(created);
      const written = await collect(reading);
      assert.equal(Buffer.concat(written.map(({ data }) => data)).toString("utf8"), LOOKED);
    });

    it("need a folder to be copied to", async () => {
      for (const folder of ["/no/such/folder", "/etc/passwd"]) {
        await assert.rejects(
          fixture.engine.copyTo(container(), folder, tarOf(GIVEN)),
          (error: unknown) => error instanceof ContainerPathError && error.path === folder,
        );
      }
    });

    it("are copied to where a link leads, to its end, if that is a folder", async () => {
      const link = (name: string, target: string): TarEntry => ({ name: `links/${name}`, type: "symlink", target });
      const given: readonly TarEntry[] = [
        { name: "links", type: "directory" },
        { name: "links/sub", type: "directory" },
        { name: "links/hello", type: "file", content: "hello" },
        ...[link("first", "/links/second"), link("second", "third"), link("third", "sub")],
        ...[link("to-file", "hello"), link("dangling", "/none")],
      ];
      await fixture.engine.copyTo(container(), "/", tarOf(given));
      const file: TarEntry = { name: "copied", type: "file", content: "copied" };
      await fixture.engine.copyTo(container(), "/links/first", tarOf([file]));
      assert.equal((await fixture.engine.statPath(container(), "/links/sub/copied"))?.kind, "file");
      for (const path of ["/links/to-file", "/links/dangling"]) {
        await assert.rejects(fixture.engine.copyTo(container(), path, tarOf([file])), ContainerPathError, path);
      }
      assert.equal(await fixture.engine.statPath(container(), "/none"), undefined);
    });

    it("are copied out: a file, a folder, a link as a link", async () => {
      await fixture.engine.copyTo(container(), "/", tarOf(GIVEN));
      const namesOf = async (path: string): Promise<readonly string[]> =>
        [...(await readTar(fixture.engine.copyFrom(container(), path))).keys()].toSorted();
      assert.deepEqual(await namesOf("/in/hello"), ["hello"]);
      assert.deepEqual(await namesOf("/in"), ["in", "in/hello", "in/link", "in/sub", "in/tool"]);
      const link = (await readTar(fixture.engine.copyFrom(container(), "/in/link"))).get("link");
      assert.deepEqual([link?.type, link?.target], ["symlink", "hello"]);
      // Where only the place is known that it leads to, it is packed from there on: it leads to the same.
      const toFolder: TarEntry = { name: "in/to-folder", type: "symlink", target: "/in/sub" };
      await fixture.engine.copyTo(container(), "/", tarOf([toFolder]));
      const copied = await readTar(fixture.engine.copyFrom(container(), "/in/to-folder"));
      assert.deepEqual(
        [...copied.values()].map(({ type, target }) => [type, target]),
        [["symlink", fixture.differences.linkTarget === "kept" ? "/in/sub" : "sub"]],
      );
    });

    it("that are not there cannot be copied out", async () => {
      await assert.rejects(
        collect(fixture.engine.copyFrom(container(), "/no/such")),
        (error: unknown) => error instanceof ContainerPathError && error.path === "/no/such",
      );
    });

    it("come out as they went in, whatever they are", async () => {
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fileTree(), async (tree) => {
          const root = `tree${String(round++)}`;
          const entries = tree.map((entry) => ({ ...entry, name: entry.name === "" ? root : `${root}/${entry.name}` }));
          await fixture.engine.copyTo(container(), "/", tarOf(entries));
          const copied = await readTar(fixture.engine.copyFrom(container(), `/${root}`));
          const kept = fixture.differences.ownersOut === "kept";
          const expected = entries.map((entry) => (kept ? entry : { ...entry, uid: 0, gid: 0 }));
          assert.deepEqual(comparable([...copied.values()]), comparable(expected));
        }),
        { numRuns: 12 },
      );
    });

    it("are looked at and copied out by a path of any name", async () => {
      const names = ["-dash", "a b", "naïve 日本", "a?b#c&d", "100%25", "quote'\"", "back\\slash", "[x]", "{y}"];
      for (const name of [...names, ...(fixture.differences.asterisk === "found" ? ["a*b"] : [])]) {
        await fixture.engine.copyTo(container(), "/tmp", tarOf([{ name, type: "file", content: name }]));
        assert.equal((await fixture.engine.statPath(container(), `/tmp/${name}`))?.name, name);
        const entry = (await readTar(fixture.engine.copyFrom(container(), `/tmp/${name}`))).get(name);
        assert.equal(Buffer.from(entry?.content ?? "").toString("utf8"), name);
      }
    });

    it("are never taken for others that their path would stand for as a pattern", async () => {
      await fixture.engine.copyTo(container(), "/tmp", tarOf([{ name: "abc", type: "file", content: "abc" }]));
      for (const path of ["/tmp/a*c", "/tmp/a?c", "/tmp/[a]bc", "/tmp/\\abc"]) {
        assert.equal(await fixture.engine.statPath(container(), path), undefined);
        await assert.rejects(collect(fixture.engine.copyFrom(container(), path)), ContainerPathError);
      }
    });

    it("can be large", async () => {
      const content = Buffer.alloc(3 << 20, "0123456789abcde");
      await fixture.engine.copyTo(container(), "/tmp", tarOf([{ name: "large", type: "file", content }]));
      const copied = await readTar(fixture.engine.copyFrom(container(), "/tmp/large"));
      assert.ok(content.equals(copied.get("large")?.content as Buffer));
      assert.equal((await fixture.engine.statPath(container(), "/tmp/large"))?.sizeBytes, content.length);
    });

    it("are told by their kind", async () => {
      await fixture.engine.copyTo(container(), "/", tarOf([...GIVEN, { name: "in/pipe", type: "fifo" }]));
      const stat = async (path: string) => fixture.engine.statPath(container(), path);
      const hello = { name: "hello", kind: "file", mode: 0o640, sizeBytes: 6, linkTarget: undefined } as const;
      assert.deepEqual(await stat("/in/hello"), hello);
      const folder = await stat("/in/sub");
      assert.deepEqual([folder?.kind, folder?.mode, folder?.name], ["directory", 0o700, "sub"]);
      const link = await stat("/in/link");
      assert.equal(link?.kind, "symlink");
      assert.match(link.linkTarget ?? "", /(^|\/)hello$/);
      assert.equal((await stat("/in/pipe"))?.kind, "other");
      assert.equal(await stat("/in/none"), undefined);
      assert.equal(await stat("/no/such/folder"), undefined);
    });

    it("that go in without end stop when they are cancelled", async () => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      let ended = false;
      const endless = (async function* (): AsyncGenerator<Uint8Array> {
        try {
          yield* headerOf(1 << 30);
          for (let piece = 0; ; piece++) {
            if (piece === 100) {
              controller.abort(reason);
            }
            yield new Uint8Array(1 << 16);
          }
        } finally {
          ended = true;
        }
      })();
      const { signal } = controller;
      await assert.rejects(fixture.engine.copyTo(container(), "/tmp", endless, { signal }), reason);
      await new Promise((resolve) => setImmediate(resolve));
      assert.ok(ended);
    });

    it("that never come are not waited for when that is cancelled", async () => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const stuck = (async function* (): AsyncGenerator<Uint8Array> {
        yield* headerOf(1 << 20);
        await new Promise<never>(() => undefined);
      })();
      setTimeout(() => {
        controller.abort(reason);
      }, 200);
      const { signal } = controller;
      await assert.rejects(fixture.engine.copyTo(container(), "/tmp", stuck, { signal }), reason);
    });

    it("that come out stop when they are cancelled, or left", async () => {
      assert.equal((await fixture.execToEnd(container(), FILE.makeBig)).code, 0);
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      let bytes = 0;
      const reading = (async (): Promise<void> => {
        for await (const chunk of fixture.engine.copyFrom(container(), "/tmp/big", { signal: controller.signal })) {
          bytes += chunk.length;
          controller.abort(reason);
        }
      })();
      await assert.rejects(reading, reason);
      assert.ok(bytes < 32 << 20);
      for await (const chunk of fixture.engine.copyFrom(container(), "/tmp/big")) {
        assert.ok(chunk.length > 0);
        break;
      }
    });
  });
}

/** What a tar starts with, of a file of that size. */
async function* headerOf(size: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of tarOf([{ name: "endless", type: "file", content: "x" }])) {
    const header = Buffer.from(chunk.subarray(0, 512));
    header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
    header.fill(" ", 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    yield header;
    return;
  }
}

function comparable(entries: readonly TarEntry[]): readonly unknown[] {
  return entries
    .map(({ name, type, mode = type === "directory" ? 0o755 : 0o644, uid = 0, gid = 0, content = "", target }) => ({
      ...{ name, type, uid, gid, target },
      // The mode of a link is no one's.
      mode: type === "symlink" ? 0 : mode,
      content: Buffer.from(content).toString("base64"),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
