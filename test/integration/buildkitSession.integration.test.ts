import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, open, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { extract, type Header } from "tar-stream";
import { EngineLostError } from "../../src/core/errors/engineErrors";
import { ContextChangedError, ImageBuildError } from "../../src/core/errors/imageErrors";
import { collectBuildInputs } from "../../src/core/fingerprint/collectBuildInputs";
import type { BuildContext } from "../../src/core/ports/BuildContext";
import type { BuildEvent } from "../../src/core/ports/BuildEvent";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import { DockerodeEngine } from "../../src/engine/DockerodeEngine";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";
import { CountingProxy } from "./CountingProxy";
import { EngineProxy } from "./EngineProxy";
import { isPodman } from "./isPodman";
import { testEngines } from "./testEngines";

const EVERYTHING = "FROM busybox\nCOPY . /app\n";

for (const { name, address, connect } of testEngines().filter((engine) => !isPodman(engine.address))) {
  describe(`a build session on ${name}`, () => {
    const engine = connect();
    const run = randomBytes(4).toString("hex");
    const labels = { "dev.slipway.test": run };
    let root: string;
    let context: string;

    beforeEach(async () => {
      root = await realpath(await mkdtemp(join(tmpdir(), "slipway-session-")));
      context = join(root, "context");
      await mkdir(context);
    });

    afterEach(async () => {
      for (const { id } of await engine.listContainers({ labels })) {
        await engine.removeContainer(id);
      }
      for (const { id, references } of await engine.listImages({ labels })) {
        for (const reference of references.length > 0 ? references : [id]) {
          await engine.removeImage(reference);
        }
      }
      await rm(root, { recursive: true, force: true });
    });

    const put = async (path: string, content: string | Uint8Array = path): Promise<void> => {
      await mkdir(dirname(join(context, path)), { recursive: true });
      await writeFile(join(context, path), content);
    };
    /** What is on disk now, as it is before every build. */
    const look = async (dockerfile = "Dockerfile", folder = context): Promise<BuildContext> => {
      const build = {
        dockerfile: join(folder, dockerfile),
        context: folder,
        target: undefined,
        platform: undefined,
        args: {},
      };
      const imageOf = async (): Promise<null> => Promise.resolve(null);
      const collected = await collectBuildInputs({ folder, build, engine: undefined, imageOf });
      return { ...collected.context, entries: await collected.snapshot.entries() };
    };

    interface BuildOptions {
      readonly of?: BuildContext;
      readonly on?: ContainerEngine;
      readonly signal?: AbortSignal;
      readonly onEvent?: (event: BuildEvent) => void;
    }

    /** @returns the image's tag */
    const build = async ({ of, on = engine, signal, onEvent }: BuildOptions = {}): Promise<string> => {
      const tag = `localhost/slipway-test/${run}:${randomBytes(4).toString("hex")}`;
      const options = { context: of ?? (await look()), tags: [tag], labels, args: {}, signal };
      for await (const event of on.buildImage(options)) {
        onEvent?.(event);
      }
      return tag;
    };
    /** What is in a folder of the image, as tar has it. */
    const contentOf = async (
      tag: string,
      folder = "/app",
    ): Promise<ReadonlyMap<string, Header & { readonly text: string }>> => {
      const id = await engine.createContainer({
        image: tag,
        name: `slipway-test-${run}-${randomBytes(4).toString("hex")}`,
        command: ["tar", "-c", "-C", folder, "."],
        workingDirectory: undefined,
        env: {},
        labels,
        mounts: [],
        ports: [],
      });
      const output = await engine.attachContainer(id);
      await engine.startContainer(id);
      const tar = extract();
      const feeding = (async () => {
        for await (const { stream, data } of output) {
          if (stream === "stdout") {
            tar.write(data);
          }
        }
        tar.end(undefined);
      })();
      const found = new Map<string, Header & { readonly text: string }>();
      for await (const entry of tar) {
        const parts: Uint8Array[] = [];
        for await (const part of entry as AsyncIterable<Uint8Array>) {
          parts.push(part);
        }
        const path = entry.header.name.replace(/^\.\//, "").replace(/\/$/, "");
        if (path !== "" && path !== ".") {
          found.set(path, { ...entry.header, text: Buffer.concat(parts).toString("utf8") });
        }
      }
      await feeding;
      return found;
    };
    const namesIn = async (tag: string): Promise<readonly string[]> => [...(await contentOf(tag)).keys()].sort();
    const through = (proxy: { readonly address: string }): DockerodeEngine => {
      const parsed = parseEngineAddress(proxy.address);
      assert.ok(!("problem" in parsed));
      return new DockerodeEngine({ address: parsed, source: "the test" });
    };

    describe("the Dockerfile", () => {
      it("is not in the image when it is ignored, and neither is anything of Slipway's", async () => {
        await put("Dockerfile", EVERYTHING);
        await put(".dockerignore", "Dockerfile\nsecret\n!kept\n");
        await put("secret");
        await put("kept");
        assert.deepEqual(await namesIn(await build()), [".dockerignore", "kept"]);
      });

      it("with an ignore file of its own keeps the builder from the context's, which is nothing but a file then", async () => {
        await put("own.Dockerfile", EVERYTHING);
        await put("own.Dockerfile.dockerignore", "own.*\n");
        await put(".dockerignore", "kept\n");
        await put("kept");
        assert.deepEqual(await namesIn(await build({ of: await look("own.Dockerfile") })), [".dockerignore", "kept"]);
      });

      it("may lie outside the context", async () => {
        await put("inside.txt");
        await writeFile(join(root, "Other.Dockerfile"), EVERYTHING);
        assert.deepEqual(await namesIn(await build({ of: await look("../Other.Dockerfile") })), ["inside.txt"]);
      });

      it("is the new one when it has the size and the time of the old one", async () => {
        const time = new Date("2020-01-01T00:00:00Z");
        for (const word of ["one", "two"]) {
          await put("Dockerfile", `FROM busybox\nRUN mkdir /app && echo ${word} > /app/word\n`);
          await utimes(join(context, "Dockerfile"), time, time);
          assert.equal((await contentOf(await build())).get("word")?.text, `${word}\n`);
        }
      });

      it("that the builder refuses is told in the builder's words", async () => {
        await put("Dockerfile", "FROM busybox\nCOPY no-such-file /\n");
        await assert.rejects(
          build(),
          (error) => error instanceof ImageBuildError && error.message.includes("no-such-file"),
        );
      });
    });

    describe("the context", () => {
      it("arrives with links, empty folders, permissions and odd names, as root's", async () => {
        await put("Dockerfile", EVERYTHING);
        await put("folder/private.txt", "private");
        await chmod(join(context, "folder/private.txt"), 0o600);
        await put("folder/run.sh", "#!/bin/sh\n");
        await chmod(join(context, "folder/run.sh"), 0o755);
        await chmod(join(context, "folder"), 0o750);
        await put("folder-beside.txt");
        await put("empty.txt", "");
        await mkdir(join(context, "empty"));
        await symlink("private.txt", join(context, "folder/link"));
        await symlink("/nowhere at all", join(context, "dangling"));
        await put("with space, comma/größe 日本 😀.txt");
        await put("new\nline");
        await put("-dash");
        execFileSync("mkfifo", [join(context, "pipe")]);
        const time = new Date("2021-03-04T05:06:07Z");
        await utimes(join(context, "folder/private.txt"), time, time);
        const found = new Map(await contentOf(await build()));
        // Docker 20.10 leaves FIFOs out of what it copies, whoever sends them.
        assert.ok(["fifo", undefined].includes(found.get("pipe")?.type ?? undefined));
        found.delete("pipe");
        const shown = [...found].map(([path, { type, mode, uid, gid, linkname, size }]) =>
          [path, type, type === "symlink" ? linkname : (mode & 0o777).toString(8), size, uid, gid].join(" "),
        );
        assert.deepEqual(shown.sort(), [
          "-dash file 644 5 0 0",
          "Dockerfile file 644 25 0 0",
          "dangling symlink /nowhere at all 0 0 0",
          "empty directory 755 0 0 0",
          "empty.txt file 644 0 0 0",
          "folder directory 750 0 0 0",
          "folder-beside.txt file 644 17 0 0",
          "folder/link symlink private.txt 0 0 0",
          "folder/private.txt file 600 7 0 0",
          "folder/run.sh file 755 10 0 0",
          "new\nline file 644 8 0 0",
          "with space, comma directory 755 0 0 0",
          "with space, comma/größe 日本 😀.txt file 644 41 0 0",
        ]);
        assert.equal(found.get("new\nline")?.text, "new\nline");
        assert.deepEqual(found.get("folder/private.txt")?.mtime, time);
      });

      it("gives what single instructions name, also through links, globs and names that are not ASCII", async () => {
        await put("real/deep/file.txt");
        await put("real/other.txt");
        await symlink("real", join(context, "link"));
        await put("globbed/a.txt");
        await put("globbed/b.md");
        await put("größe/ä b.txt");
        await put("comma, space.txt");
        await put(".dockerignore", "nothing\n");
        await put(
          "Dockerfile",
          [
            "FROM busybox",
            "COPY link/deep /app/deep",
            "COPY link/other.txt globbed/*.txt .dockerignore /app/",
            'COPY ["größe/ä b.txt", "comma, space.txt", "/app/"]',
          ].join("\n"),
        );
        const expected = [
          ".dockerignore",
          "a.txt",
          "comma, space.txt",
          "deep",
          "deep/file.txt",
          "other.txt",
          "ä b.txt",
        ];
        assert.deepEqual(await namesIn(await build()), expected);
      });

      it("is told of what has gone, come and changed its kind since the last build", async () => {
        await put("Dockerfile", EVERYTHING);
        await put("kept");
        await put("goes");
        await put("becomes-folder");
        await put("becomes-link/inner");
        await build();
        for (const path of ["goes", "becomes-folder", "becomes-link"]) {
          await rm(join(context, path), { recursive: true });
        }
        await put("becomes-folder/inner");
        await symlink("kept", join(context, "becomes-link"));
        await put("comes");
        assert.deepEqual(await namesIn(await build()), [
          "Dockerfile",
          "becomes-folder",
          "becomes-folder/inner",
          "becomes-link",
          "comes",
          "kept",
        ]);
      });

      it("is the new one where a file kept its size and its time", async () => {
        const time = new Date("2020-01-01T00:00:00Z");
        await put("Dockerfile", EVERYTHING);
        for (const version of ["1.0.0", "1.0.1"]) {
          await put("version", version);
          await utimes(join(context, "version"), time, time);
          assert.equal((await contentOf(await build())).get("version")?.text, version);
        }
      });

      it("travels only as far as it has changed", async () => {
        await put("Dockerfile", EVERYTHING);
        for (let index = 0; index < 20; index++) {
          await put(`file${String(index)}`, randomBytes(100_000));
        }
        const proxy = await CountingProxy.listen(address);
        try {
          const sent: number[] = [];
          for (const change of [undefined, undefined, "file7"]) {
            if (change !== undefined) {
              await put(change, randomBytes(100_000));
            }
            const before = proxy.bytesToEngine;
            await build({ on: through(proxy) });
            sent.push(proxy.bytesToEngine - before);
          }
          const [first = 0, second = 0, third = 0] = sent;
          assert.ok(first > 2_000_000, String(first));
          assert.ok(second < 20_000, String(second));
          assert.ok(third > 100_000 && third < 150_000, String(third));
        } finally {
          await proxy.close();
        }
      });

      it("may be 3,000 files", async () => {
        await put("Dockerfile", EVERYTHING);
        for (let index = 0; index < 3_000; index++) {
          await put(`f${String(index % 30)}/${String(index)}`, `content ${String(index)}`);
        }
        const found = await contentOf(await build());
        assert.equal([...found.values()].filter(({ type }) => type === "file").length, 3_001);
        assert.equal(found.get("f29/2999")?.text, "content 2999");
      });

      it("may have a file of 200 MB, which is never whole in memory", async () => {
        await put("Dockerfile", "FROM busybox\nCOPY large /\nRUN mkdir /app && sha256sum /large > /app/sum\n");
        await build({
          of: {
            ...(await look()),
            entries: [],
            dockerfile: { pathInContext: undefined, content: Buffer.from("FROM busybox\n") },
          },
        });
        const large = await open(join(context, "large"), "w");
        for (let index = 0; index < 200; index++) {
          await large.write(randomBytes(1_000_000));
        }
        await large.close();
        const looked = await look();
        const before = process.memoryUsage().rss;
        let most = before;
        const sampling = setInterval(() => {
          most = Math.max(most, process.memoryUsage().rss);
        }, 10);
        const tag = await build({ of: looked });
        clearInterval(sampling);
        assert.ok(most - before < 50_000_000, `${String(Math.round((most - before) / 1e6))} MB more`);
        const entry = looked.entries.find(({ path }) => path === "large");
        const sum = (await contentOf(tag)).get("sum")?.text.split(" ")[0];
        assert.equal(sum, entry?.kind === "file" ? entry.sha256 : undefined);
      });
    });

    describe("a file that changes after it was fingerprinted", () => {
      const changes: Readonly<Record<string, () => Promise<void>>> = {
        "keeps its size": async () => put("b", "2"),
        grows: async () => put("b", "1 and more"),
        shrinks: async () => put("b", ""),
        goes: async () => rm(join(context, "b")),
        "becomes a folder": async () => {
          await rm(join(context, "b"));
          await mkdir(join(context, "b"));
        },
      };
      for (const [what, change] of Object.entries(changes)) {
        it(`ends the build when it ${what}`, async () => {
          await put("Dockerfile", EVERYTHING);
          await put("a");
          await put("b", "1");
          const before = await look();
          await change();
          const started = performance.now();
          await assert.rejects(
            build({ of: before }),
            (error) => error instanceof ContextChangedError && error.path === "b",
          );
          assert.ok(performance.now() - started < 5_000);
          // The next attempt has nothing to do with it.
          await build();
        });
      }
    });

    describe("the connection", () => {
      it("lasts as long as the build", async () => {
        // Nothing is copied before: the builder asks for the context when the health checks have gone on for long.
        await put(
          "Dockerfile",
          "FROM busybox AS slow\nRUN sleep 13 && date +%N > /time\nFROM slow\nRUN cat /time\nCOPY . /app\n",
        );
        assert.deepEqual(await namesIn(await build()), ["Dockerfile"]);
      });

      it("is closed after success, failure, refusal and abort, and when the caller leaves", async () => {
        const proxy = await CountingProxy.listen(address);
        const on = through(proxy);
        const closed = async (): Promise<void> => {
          for (let attempt = 0; proxy.open > 0; attempt++) {
            assert.ok(attempt < 50, `${String(proxy.open)} connections are open`);
            await setTimeout(20);
          }
        };
        try {
          await put("file");
          await put("Dockerfile", EVERYTHING);
          await build({ on });
          await closed();
          await put("Dockerfile", "FROM busybox\nRUN exit 3\n");
          await assert.rejects(build({ on }), ImageBuildError);
          await closed();
          const looked = await look();
          const refused = { context: looked, tags: ["Not A Reference"], labels, args: {} };
          await assert.rejects(on.buildImage(refused)[Symbol.asyncIterator]().next(), ImageBuildError);
          await closed();
          await put("Dockerfile", `FROM busybox\nCOPY . /app\nRUN sleep 300 # ${run}\n`);
          const controller = new AbortController();
          const aborted = build({
            on,
            signal: controller.signal,
            onEvent: (event) => {
              if (event.type === "step" && event.state === "started" && event.name.includes("sleep")) {
                controller.abort();
              }
            },
          });
          await assert.rejects(aborted, { name: "AbortError" });
          await closed();
          for await (const event of on.buildImage({ context: await look(), tags: [], labels, args: {} })) {
            if (event.type === "step" && event.state === "started" && event.name.includes("sleep")) {
              break;
            }
          }
          await closed();
        } finally {
          await proxy.close();
        }
      });

      it("is closed when the build is aborted while the context travels", async () => {
        await put("Dockerfile", EVERYTHING);
        await put("large", randomBytes(50_000_000));
        const looked = await look();
        const proxy = await CountingProxy.listen(address);
        try {
          const controller = new AbortController();
          const watching = setInterval(() => {
            if (proxy.bytesToEngine > 1_000_000) {
              controller.abort();
            }
          }, 1);
          await assert.rejects(build({ on: through(proxy), of: looked, signal: controller.signal }), {
            name: "AbortError",
          });
          clearInterval(watching);
          await setTimeout(200);
          assert.equal(proxy.open, 0);
          assert.ok(proxy.bytesToEngine < 45_000_000);
        } finally {
          await proxy.close();
        }
      });

      it("that breaks means that the engine is lost", async () => {
        await put("Dockerfile", `FROM busybox\nRUN sleep 300 # ${run}\n`);
        const proxy = await EngineProxy.listen(address);
        try {
          let severed = 0;
          const lost = build({
            on: through(proxy),
            onEvent: (event) => {
              if (event.type === "step" && event.state === "started" && event.name.includes("sleep")) {
                severed = performance.now();
                void proxy.sever();
              }
            },
          });
          await assert.rejects(lost, EngineLostError);
          assert.ok(performance.now() - severed < 2_000);
        } finally {
          await proxy.close();
        }
      });

      it("is one of its own for each of two builds at once, of one context or of two", async () => {
        await put("Dockerfile", `${EVERYTHING}RUN sleep 1 # ${run}\n`);
        await put("file", "first");
        const other = join(root, "other");
        await mkdir(other);
        await writeFile(join(other, "Dockerfile"), EVERYTHING);
        await writeFile(join(other, "file"), "second");
        const looked = await look();
        const tags = await Promise.all([
          build({ of: looked }),
          build({ of: looked }),
          build({ of: await look("Dockerfile", other) }),
        ]);
        const texts = await Promise.all(tags.map(async (tag) => (await contentOf(tag)).get("file")?.text));
        assert.deepEqual(texts, ["first", "first", "second"]);
      });
    });
  });
}
