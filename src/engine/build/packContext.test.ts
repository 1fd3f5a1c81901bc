import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readlinkSync } from "node:fs";
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { extract, type Header } from "tar-stream";
import { IgnoreMatcher } from "../../core/dockerignore/IgnoreMatcher";
import { BuildContextError, ContextChangedError } from "../../core/errors/imageErrors";
import { scanContext } from "../../../test/fake/scanContext";
import type { BuildContext } from "../../core/ports/BuildContext";
import { EXTRA_DOCKERFILE, packContext } from "./packContext";

interface Unpacked {
  readonly header: Header;
  readonly content: string;
}

/** Reads a tar whole with another implementation of it than the one that wrote it: the reader of tar-stream. */
async function unpack(tar: AsyncIterable<Uint8Array>): Promise<readonly Unpacked[]> {
  const parts: Uint8Array[] = [];
  for await (const chunk of tar) {
    parts.push(chunk);
  }
  const reader = extract();
  reader.end(Buffer.concat(parts));
  const entries: Unpacked[] = [];
  for await (const source of reader) {
    const content: Buffer[] = [];
    for await (const chunk of source as AsyncIterable<Buffer>) {
      content.push(chunk);
    }
    entries.push({ header: source.header, content: Buffer.concat(content).toString("latin1") });
  }
  return entries;
}

describe("packContext", () => {
  let root: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "slipway-pack-")));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  async function put(path: string, content = path): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }

  async function scan(patterns: readonly string[] = [], dockerfile?: string): Promise<BuildContext> {
    const entries = await scanContext({ root, ignore: new IgnoreMatcher(patterns) });
    const content = dockerfile === undefined ? Buffer.from("FROM scratch") : await readFile(join(root, dockerfile));
    return { root, entries, dockerfile: { pathInContext: dockerfile, content } };
  }

  /** Of a context whose Dockerfile lies outside of it, without that Dockerfile. */
  const unpackScan = async (): Promise<readonly Unpacked[]> =>
    (await unpack(packContext(await scan()).tar)).filter(({ header }) => header.name !== EXTRA_DOCKERFILE);
  const refuses = async (context: BuildContext, path: string): Promise<void> => {
    await assert.rejects(unpack(packContext(context).tar), (error) => {
      assert.ok(error instanceof ContextChangedError, String(error));
      assert.equal(error.path, path);
      return true;
    });
  };

  it("packs files, folders and links in the order of the scan, with the content and permissions of the scan", async function () {
    if (process.platform === "win32") {
      this.skip();
    }
    await put("a/file", "hello");
    await put("a/run.sh", "");
    await chmod(join(root, "a/run.sh"), 0o751);
    await chmod(join(root, "a/file"), 0o640);
    await mkdir(join(root, "b"));
    await chmod(join(root, "b"), 0o700);
    await chmod(join(root, "a"), 0o755);
    await symlink("../a/file", join(root, "b/link"));
    await symlink("missing", join(root, "dangling"));
    execFileSync("mkfifo", ["-m", "600", join(root, "pipe")]);
    assert.deepEqual(
      (await unpackScan()).map(({ header: { name, type, mode, linkname, size }, content }) => [
        name,
        type,
        type === "symlink" ? linkname : mode.toString(8),
        size,
        content,
      ]),
      [
        ["a/", "directory", "755", 0, ""],
        ["a/file", "file", "640", 5, "hello"],
        ["a/run.sh", "file", "751", 0, ""],
        ["b/", "directory", "700", 0, ""],
        ["b/link", "symlink", "../a/file", 0, ""],
        ["dangling", "symlink", "missing", 0, ""],
        ["pipe", "fifo", "600", 0, ""],
      ],
    );
  });

  it("gives everything to root, with the time of the file", async () => {
    await put("a");
    await utimes(join(root, "a"), 1_700_000_000, 1_700_000_000);
    const [entry] = await unpackScan();
    assert.deepEqual([entry?.header.uid, entry?.header.gid, entry?.header.mtime], [0, 0, new Date(1_700_000_000_000)]);
  });

  it("packs what was scanned as allowed to nobody as just that", async () => {
    await put("a");
    await mkdir(join(root, "d"));
    const context = await scan();
    const entries = context.entries.map((entry) => ("mode" in entry ? { ...entry, mode: 0 } : entry));
    const unpacked = await unpack(packContext({ ...context, entries }).tar);
    assert.deepEqual(
      unpacked.slice(0, 2).map(({ header }) => [header.name, header.mode]),
      [
        ["a", 0],
        ["d/", 0],
      ],
    );
  });

  it("keeps names that a plain tar header has no room or no letters for", async function () {
    if (process.platform === "win32") {
      this.skip();
    }
    const long = "n".repeat(101);
    const folders = `${"f".repeat(200)}/${"g".repeat(200)}`;
    const names = [
      long,
      `${folders}/${"h".repeat(200)}`,
      "n".repeat(255),
      "日本語 \u{1F680}",
      "line\nbreak",
      "back\\slash",
      " a b ",
    ];
    for (const name of names) {
      await put(name, "x");
    }
    await symlink(`${folders}/${"t".repeat(150)}`, join(root, "to-long"));
    await symlink("\u{1F680}", join(root, "to-rocket"));
    const unpacked = await unpackScan();
    const files = unpacked.filter(({ header }) => header.type === "file");
    assert.deepEqual(new Set(files.map(({ header }) => header.name)), new Set(names));
    assert.ok(files.every(({ content }) => content === "x"));
    assert.deepEqual(
      unpacked.filter(({ header }) => header.type === "symlink").map(({ header }) => header.linkname),
      [`${folders}/${"t".repeat(150)}`, "\u{1F680}"],
    );
  });

  it("packs files that are larger than its buffers", async () => {
    const content = "0123456789abcdef".repeat(1 << 16);
    await put("large", content);
    await put("z", "after");
    assert.deepEqual(
      (await unpackScan()).map((entry) => createHash("sha256").update(entry.content).digest("hex")),
      [content, "after"].map((text) => createHash("sha256").update(text).digest("hex")),
    );
  });

  it("packs many files without stopping, and an empty context", async () => {
    await unpack(packContext(await scan()).tar);
    for (let index = 0; index < 300; index++) {
      await put(`d${String(index % 7)}/f${String(index)}`);
    }
    assert.equal((await unpackScan()).length, 307);
  });

  describe("names the Dockerfile in the tar", () => {
    const namesAndContent = async (
      context: BuildContext,
    ): Promise<readonly [string, readonly string[], string | undefined]> => {
      const { tar, dockerfile } = packContext(context);
      const unpacked = await unpack(tar);
      return [
        dockerfile,
        unpacked.map(({ header }) => header.name),
        unpacked.find(({ header }) => header.name === dockerfile)?.content,
      ];
    };

    it("by its own name where it is a file of the context", async () => {
      await put("docker/Dockerfile", "FROM scratch");
      assert.deepEqual(await namesAndContent(await scan([], "docker/Dockerfile")), [
        "docker/Dockerfile",
        ["docker/", "docker/Dockerfile"],
        "FROM scratch",
      ]);
    });

    it("by an extra name where it lies outside", async () => {
      await put("a");
      assert.deepEqual(await namesAndContent(await scan()), [
        EXTRA_DOCKERFILE,
        ["a", EXTRA_DOCKERFILE],
        "FROM scratch",
      ]);
    });

    it("by an extra name where it is ignored", async () => {
      await put("Dockerfile", "FROM scratch");
      assert.deepEqual(await namesAndContent(await scan(["Dockerfile"], "Dockerfile")), [
        EXTRA_DOCKERFILE,
        [EXTRA_DOCKERFILE],
        "FROM scratch",
      ]);
    });

    it("by an extra name where Podman would take its own for JSON, or send it through a preprocessor", async () => {
      for (const name of ['["a"]', "null", " null ", "folder/Dockerfile.in"]) {
        await put(name, "FROM scratch");
        assert.equal((await namesAndContent(await scan([], name)))[0], EXTRA_DOCKERFILE, name);
      }
      for (const name of ["nullable", "a[b]", "Dockerfile.in.txt", "größe 日本", "-x", "a%2fb"]) {
        await put(name, "FROM scratch");
        assert.equal((await namesAndContent(await scan([], name)))[0], name);
      }
    });

    it("by an extra name that .dockerignore has, where that takes it away from what is copied", async () => {
      const ignoreFile = async (context: BuildContext): Promise<unknown> => {
        const entries = await unpack(packContext(context, { hidesDockerfile: true }).tar);
        return entries
          .filter(({ header }) => header.name === ".dockerignore")
          .map(({ header, content }) => [header.mode & 0o777, content]);
      };
      assert.deepEqual(await ignoreFile(await scan()), [[0o644, `.dockerignore\n${EXTRA_DOCKERFILE}\n`]]);
      await put(".dockerignore", "Dockerfile");
      await chmod(join(root, ".dockerignore"), 0o640);
      assert.deepEqual(await ignoreFile(await scan()), [[0o640, `Dockerfile\n${EXTRA_DOCKERFILE}\n`]]);
      await put("Dockerfile", "FROM scratch");
      assert.deepEqual(await ignoreFile(await scan([], "Dockerfile")), [[0o640, "Dockerfile"]]);
    });

    it("by an extra name where it is a link, whose target the builder may not see", async () => {
      await put("real", "FROM scratch");
      await symlink("real", join(root, "Dockerfile"));
      assert.deepEqual(await namesAndContent(await scan([], "Dockerfile")), [
        EXTRA_DOCKERFILE,
        ["Dockerfile", "real", EXTRA_DOCKERFILE],
        "FROM scratch",
      ]);
    });

    it("by an extra name where the file is not what was read as the Dockerfile", async () => {
      await put("Dockerfile", "FROM scratch");
      const context = await scan([], "Dockerfile");
      const dockerfile = { ...context.dockerfile, content: Buffer.from("FROM other") };
      const [name, , content] = await namesAndContent({ ...context, dockerfile });
      assert.deepEqual([name, content], [EXTRA_DOCKERFILE, "FROM other"]);
    });
  });

  describe("refuses a context that is not what was scanned:", () => {
    const large = "x".repeat(1 << 20);
    for (const [what, change] of [
      ["a file that changed and kept its size", async (path: string) => writeFile(path, large.replace("x", "y"))],
      ["a file that grew", async (path: string) => appendFile(path, "x")],
      ["a file that shrank", async (path: string) => truncate(path, (1 << 20) - 1)],
      ["a file that is empty now", async (path: string) => truncate(path, 0)],
      ["a file that is gone", async (path: string) => rm(path)],
      [
        "a file that is a folder now",
        async (path: string) => {
          await rm(path);
          await mkdir(path);
        },
      ],
      [
        "a file that is a link to the same content now",
        async (path: string) => {
          await rename(path, `${path}.moved`);
          await symlink(`${path}.moved`, path);
        },
      ],
    ] as const) {
      it(what, async () => {
        await put("a");
        await put("file", large);
        await put("z");
        const context = await scan();
        await change(join(root, "file"));
        await refuses(context, "file");
      });
    }

    it("a file that is a FIFO now, which nobody writes to", async function () {
      if (process.platform === "win32") {
        this.skip();
      }
      await put("file");
      const context = await scan();
      await rm(join(root, "file"));
      execFileSync("mkfifo", [join(root, "file")]);
      await refuses(context, "file");
    });

    it("an empty file that is not empty any more", async () => {
      await put("file", "");
      const context = await scan();
      await put("file", "x");
      await refuses(context, "file");
    });

    it("a folder or a link that is gone", async () => {
      await mkdir(join(root, "d"));
      await symlink("x", join(root, "l"));
      const context = await scan();
      await rm(join(root, "l"));
      await refuses(context, "l");
      await rm(join(root, "d"), { recursive: true });
      await refuses(context, "d");
    });

    it("but not one of which only the times changed", async () => {
      await put("file");
      const context = await scan();
      await utimes(join(root, "file"), 1, 1);
      assert.equal((await unpack(packContext(context).tar)).length, 2);
    });
  });

  it("closes the file that it reads when nobody reads the tar any more", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    await put("large");
    await truncate(join(root, "large"), 8 << 20);
    const context = await scan();
    for await (const chunk of packContext(context).tar) {
      assert.ok(chunk.length > 0);
      break;
    }
    const isOpen = (): boolean =>
      readdirSync("/proc/self/fd").some((name) => {
        try {
          return readlinkSync(`/proc/self/fd/${name}`).startsWith(root);
        } catch {
          // Closed meanwhile: other tests leave files behind that are only closed later.
          return false;
        }
      });
    for (let attempt = 0; attempt < 100 && isOpen(); attempt++) {
      await new Promise(setImmediate);
    }
    assert.equal(isOpen(), false);
  });

  it("puts secrets beside the context, and says where", async () => {
    const content = Buffer.from("FROM busybox\n");
    const context = { root, entries: [], dockerfile: { pathInContext: undefined, content } };
    const { tar, secretFiles } = packContext(context, { secrets: new Map([["ca", Buffer.from("PEM")]]) });
    const entries = await unpack(tar);
    assert.deepEqual(
      entries.map(({ header, content: text }) => [header.name, text]),
      [
        [EXTRA_DOCKERFILE, "FROM busybox\n"],
        [secretFiles.get("ca"), "PEM"],
      ],
    );
    assert.equal(packContext(context).secretFiles.size, 0);
  });

  it("tells whoever reads it what went wrong before anybody did", async () => {
    const dockerfile = { pathInContext: undefined, content: Buffer.from("FROM busybox\n") };
    const entries = [{ kind: "symlink", path: "out", target: "../elsewhere" }] as const;
    await symlink("../elsewhere", join(root, "out"));
    const { tar } = packContext({ root, entries, dockerfile });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await assert.rejects(unpack(tar), BuildContextError);
  });
});
