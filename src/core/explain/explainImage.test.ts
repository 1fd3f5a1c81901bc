import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import type { BuildConfiguration, ImageSource } from "../config/WorkspaceConfiguration";
import { buildImage } from "../job/buildAndRun";
import type { ImageOfOptions } from "../job/resolveImage";
import type { Explanation } from "./Explanation";
import { explainImage } from "./explainImage";
import { formatExplanation, formatState } from "./formatExplanation";

describe("explainImage", () => {
  let home: string;
  let folder: string;
  let engine: FakeContainerEngine;

  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), "slipway-explain-")));
    folder = join(home, "app");
    engine = new FakeContainerEngine({ images: ["busybox", "alpine"] });
    await write({
      Dockerfile: "FROM busybox\nARG VERSION\nCOPY package.json ./\nCOPY src src\n",
      "package.json": "{}",
      "src/app.js": "12345",
      "src/run.sh": "#!/bin/sh",
      "docs/guide.md": "not taken",
      ".dockerignore": "**/*.md\n",
    });
  });

  afterEach(async () => {
    await rm(home, { recursive: true, force: true });
  });

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  }

  function optionsFor(build: Partial<BuildConfiguration> = {}, image?: ImageSource): ImageOfOptions {
    const all = { context: folder, target: undefined, platform: undefined, args: {}, ...build };
    return {
      engine,
      cacheFolder: join(home, "cache"),
      configuration: {
        folder,
        source: "Dockerfile",
        image: image ?? { kind: "build", build: { dockerfile: join(folder, "Dockerfile"), ...all } },
        run: { env: {}, ports: [], workspaceFolder: "/workspace" },
        tasks: [],
      },
    };
  }

  async function build(options: ImageOfOptions): Promise<void> {
    for await (const event of buildImage(options)) {
      assert.notEqual(event.type, "exit");
    }
  }

  /** Without what is another one each time. */
  function textOf(explanation: Explanation): string {
    return formatExplanation(explanation, { heading: (title) => `${title}:` })
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "TIME")
      .replace(/\([0-9a-f]{12}\)/g, "(FINGERPRINT)");
  }

  it("says item by item what changed since the image was built, what counts, and because of which lines", async () => {
    await build(optionsFor({ args: { VERSION: "1.2" } }));
    await write({
      Dockerfile: "FROM alpine\nARG VERSION\nCOPY package.json ./\n# All of it.\nCOPY src src\n",
      "src/app.js": "1234567",
      "src/new.js": "1",
      "docs/more.txt": "not taken",
    });
    await chmod(join(folder, "src/run.sh"), 0o755);
    await rm(join(folder, "package.json"));
    await symlink("app.js", join(folder, "src/link.js"));
    const explanation = await explainImage(optionsFor({ args: { VERSION: "1.3" } }));
    const [from, to] = ["busybox", "alpine"];
    assert.equal(
      textOf(explanation).replace(/ [0-9a-f]{12}$/gm, " ID"),
      `stale: Dockerfile changed, ARG VERSION changed (1.2 -> 1.3), base image alpine added and 6 more
Compared with the image of 7 inputs, last used on TIME (FINGERPRINT) there are 9 differences.

Dockerfile:
  changed  Dockerfile: content

Build arguments:
  changed  ARG VERSION: 1.2 -> 1.3

Base images:
  added    ${to}: ID
  removed  ${from}: ID

Files (5):
  changed  src/app.js: content, 5 -> 7 bytes
  added    src/link.js: link to app.js
  added    src/new.js: 1 byte
  changed  src/run.sh: mode 644 -> 755
  removed  package.json: 2 bytes

What counts:
  Dockerfile, 1 build argument, 1 base image
  3 files (17 bytes), 1 folder, 1 link in the workspace's folder, which has 7 files that are not ignored
  Dockerfile:3 takes nothing that is there: COPY package.json ./
  Dockerfile:5 takes 5 entries, 17 bytes: COPY src src
  .dockerignore says what of the context never counts.
`,
    );
    assert.equal(explanation.changes.length, 9);
    assert.deepEqual(
      explanation.changes.find(({ subject }) => subject === "src/run.sh"),
      {
        group: "files",
        subject: "src/run.sh",
        change: "changed",
        details: ["mode 644 -> 755"],
        before: { kind: "file", path: "src/run.sh", mode: 0o644, size: 9, sha256: sha("src/run.sh") },
        after: { kind: "file", path: "src/run.sh", mode: 0o755, size: 9, sha256: sha("src/run.sh") },
      },
    );

    function sha(path: string): string {
      const input = explanation.changes.find(({ subject }) => subject === path)?.before;
      return input !== undefined && "sha256" in input ? input.sha256 : assert.fail();
    }
  });

  it("tells what is gone from what only does not count any more", async () => {
    await write({ Dockerfile: "FROM busybox\nCOPY src src\n" });
    await build(optionsFor());
    await write({ Dockerfile: "FROM busybox\nCOPY src/app.js src/\n" });
    assert.match(
      textOf(await explainImage(optionsFor())),
      /removed {2}src\/run\.sh: still there, but does not count any more/,
    );
    await rm(join(folder, "src/run.sh"));
    assert.match(textOf(await explainImage(optionsFor())), /removed {2}src\/run\.sh: 9 bytes/);
  });

  it("says of a fresh image since when, and what counts", async () => {
    await build(optionsFor());
    const explanation = await explainImage(optionsFor());
    assert.equal(explanation.decision.state, "fresh");
    assert.deepEqual([explanation.changes, explanation.comparedWith], [[], undefined]);
    assert.match(
      textOf(explanation),
      /^fresh: \d+ inputs unchanged\nEverything that counts is as it was for the image(, which was built on TIME)?\.\n\nWhat counts:\n/,
    );
  });

  it("says that nothing is written down, and what will be compared with", async () => {
    const explanation = await explainImage(optionsFor());
    assert.equal(formatState(explanation), "absent: there is no image yet");
    assert.match(textOf(explanation), /Nothing is written down of an earlier build[^]*What counts:\n {2}Dockerfile/);
  });

  it("tells an image that is gone from one that is stale", async () => {
    await build(optionsFor());
    await engine.removeImage((await explainImage(optionsFor())).decision.reference);
    assert.match(
      textOf(await explainImage(optionsFor())),
      /Nothing has changed since .* not on this engine any more\./,
    );
  });

  it("says why the whole context counts", async () => {
    await write({ Dockerfile: "FROM nowhere.example/x:1\nCOPY src src\n" });
    const text = textOf(await explainImage(optionsFor()));
    assert.match(text, /The whole context counts, since the base image nowhere\.example\/x:1 .*\(Dockerfile:1\)\./);
    assert.doesNotMatch(text, /takes/);
  });

  it("never shows a password in an argument, only that it is another one", async () => {
    const withPassword = (password: string): ImageOfOptions =>
      optionsFor({ args: { VERSION: `https://me:${password}@example.com/x` } });
    await build(withPassword("secret-one"));
    const explanation = await explainImage(withPassword("secret-two"));
    const text = textOf(explanation);
    assert.match(text, /ARG VERSION: https:\/\/me:\*\*\*@\S+ \(\w+\) -> https:\/\/me:\*\*\*@\S+ \(\w+\)/);
    assert.doesNotMatch(text + JSON.stringify(explanation), /secret-(one|two)/);
  });

  it("hints at what tools write and COPY takes, but not at what a COPY names", async () => {
    await write({
      Dockerfile: "FROM busybox\nCOPY . .\n",
      "coverage/lcov.info": "1",
      "packages/a/node_modules/x/index.js": "1",
      ".dockerignore": "src\n",
    });
    await build(optionsFor());
    await write({ "coverage/lcov.info": "2" });
    const { hints } = await explainImage(optionsFor());
    const ignore = "ignore it in .dockerignore if the image does not need it.";
    assert.deepEqual(hints, [
      `coverage/ changed and is taken by Dockerfile:2 (COPY . .): ${ignore}`,
      `.dockerignore is taken by Dockerfile:2 (COPY . .): ${ignore}`,
      `Dockerfile is taken by Dockerfile:2 (COPY . .): ${ignore}`,
      `packages/a/node_modules/ is taken by Dockerfile:2 (COPY . .): ${ignore}`,
    ]);
    await write({ Dockerfile: "FROM busybox\nCOPY coverage/lcov.info .\n" });
    assert.deepEqual((await explainImage(optionsFor())).hints, []);
  });

  it("gives no hint for what counts only as long as a base image is not there", async () => {
    await write({ Dockerfile: "FROM elsewhere\nCOPY src src\n", "coverage/lcov.info": "1" });
    const { counted, hints } = await explainImage(optionsFor());
    assert.equal(counted?.reasons.kind, "all");
    assert.deepEqual(hints, []);
  });

  it("names the ignore file that is used", async () => {
    await write({ "Dockerfile.dockerignore": "docs\n" });
    assert.equal((await explainImage(optionsFor())).counted?.ignoreFile, "Dockerfile.dockerignore");
    await rm(join(folder, "Dockerfile.dockerignore"));
    await rm(join(folder, ".dockerignore"));
    const explanation = await explainImage(optionsFor());
    assert.equal(explanation.counted?.ignoreFile, undefined);
    assert.match(textOf(explanation), /There is no \.dockerignore\./);
  });

  it("says of a ready-made image that nothing can make it stale", async () => {
    const given = await explainImage(optionsFor({}, { kind: "image", reference: "alpine" }));
    assert.equal(
      textOf(given),
      "given: alpine is used as it is\nNothing is built here, so nothing can make it stale.\n",
    );
    const absent = await explainImage(optionsFor({}, { kind: "image", reference: "nowhere.example/x" }));
    assert.match(textOf(absent), /^absent: .*\nIt is pulled when it is needed\. Nothing is built here\.\n$/);
  });

  it("ends when it is cancelled", async () => {
    await assert.rejects(explainImage({ ...optionsFor(), signal: AbortSignal.abort() }), { name: "AbortError" });
  });
});
