import assert from "node:assert/strict";
import { appendFile, chmod, mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { BuildContextError, DockerfileError, type DockerfileProblem } from "../errors/imageErrors";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import { collectBuildInputs, withCurrentBaseImages, type CollectedInputs } from "./collectBuildInputs";
import type { ImageLookup } from "./LocalImage";
import { InProcessScanner } from "./scan/InProcessScanner";
import type { BaseImageConfig } from "./selection/selectContext";
import { compareInputs, describeChanges } from "./describeChanges";

describe("collectBuildInputs", () => {
  let folder: string;
  /** The fake engine's images. */
  let images: Record<string, string>;
  /** What these say of themselves, where it is of interest. */
  let configs: Record<string, BaseImageConfig>;
  let asked: string[];

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-collect-")));
    images = {};
    configs = {};
    asked = [];
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function put(path: string, content = path): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an engine answers later, too
  const imageOf: ImageLookup = async (reference) => {
    asked.push(reference);
    const id = images[reference];
    return id === undefined ? null : { id, ...(configs[reference] ?? { env: {}, onBuild: [] }) };
  };

  async function collect(build: Partial<BuildConfiguration> = {}, signal?: AbortSignal): Promise<CollectedInputs> {
    const { dockerfile = "Dockerfile", context = "." } = build;
    return collectBuildInputs({
      folder,
      build: {
        target: undefined,
        platform: undefined,
        args: {},
        ...build,
        dockerfile: join(folder, dockerfile),
        context: join(folder, context),
      },
      engine: undefined,
      imageOf,
      scanner: new InProcessScanner(),
      signal,
    });
  }

  const kindsAndPaths = async ({ allInputs }: CollectedInputs): Promise<readonly string[]> =>
    (await allInputs()).map((input) => ("path" in input ? `${input.kind} ${input.path}` : input.kind));

  async function refusesDockerfile(
    expected: { readonly problem: DockerfileProblem; readonly line?: number; readonly message: RegExp },
    build: Partial<BuildConfiguration> = {},
  ): Promise<void> {
    await assert.rejects(collect(build), (error) => {
      assert.ok(error instanceof DockerfileError, String(error));
      assert.equal(error.problem, expected.problem);
      assert.equal(error.line, expected.line);
      assert.match(error.message, expected.message);
      return true;
    });
  }

  it("lists every input in one fixed order", async () => {
    const content = "ARG B\nFROM node:20 AS base\nFROM base AS dev\nARG a b=\nCOPY --from=alpine:3 /a /b\nCOPY . .\n";
    await put("Dockerfile", content);
    await put("src/a.js");
    images["node:20"] = "sha256:abc";
    const collected = await collect({
      target: "dev",
      platform: "linux/amd64",
      args: { b: "2", a: "1", B: "3" },
      labels: { z: "1", "a.b": "2" },
    });
    const [dockerfile, ...others] = collected.inputs;
    assert.ok(dockerfile?.kind === "dockerfile");
    assert.equal(dockerfile.path, "Dockerfile");
    assert.deepEqual(others, [
      { kind: "target", value: "dev" },
      { kind: "platform", value: "linux/amd64" },
      { kind: "arg", name: "B", value: "3" },
      { kind: "arg", name: "a", value: "1" },
      { kind: "arg", name: "b", value: "2" },
      { kind: "option", name: "label a.b", value: "2" },
      { kind: "option", name: "label z", value: "1" },
      { kind: "base-image", reference: "node:20", imageId: "sha256:abc" },
      { kind: "base-image", reference: "alpine:3", imageId: null },
    ]);
    const all = await collected.allInputs();
    assert.deepEqual(all.slice(0, collected.inputs.length), collected.inputs);
    assert.deepEqual(
      all.slice(collected.inputs.length).map((input) => "path" in input && input.path),
      ["Dockerfile", "src", "src/a.js"],
    );
    assert.equal(collected.snapshot.count, 3);
  });

  it("does not depend on the order in which arguments are given, nor on times and owners", async () => {
    await put("Dockerfile", "FROM scratch\nARG A B\nCOPY . /\n");
    await put("a");
    const before = await collect({ args: { A: "1", B: "2" } });
    await utimes(join(folder, "a"), 1, 1);
    const after = await collect({ args: { B: "2", A: "1" } });
    assert.equal(after.fingerprint, before.fingerprint);
    assert.deepEqual(await after.allInputs(), await before.allInputs());
  });

  it("has another fingerprint as soon as any input changes", async () => {
    await put("Dockerfile", "ARG A B\nFROM node:20 AS a\nCOPY . /\nFROM node:20 AS b\nCOPY . /\n");
    await put("file", "one");
    await put("d/x");
    await symlink("file", join(folder, "link"));
    const seen = new Map<string, string>();
    const differs = async (what: string, build: Partial<BuildConfiguration> = {}): Promise<void> => {
      const { fingerprint } = await collect(build);
      assert.equal(seen.get(fingerprint), undefined, `${what} is the same as ${seen.get(fingerprint) ?? ""}`);
      seen.set(fingerprint, what);
    };
    await differs("the start");
    await differs("a target", { target: "a" });
    await differs("another target", { target: "b" });
    await differs("a platform", { platform: "linux/arm64" });
    await differs("an argument", { args: { A: "" } });
    await differs("another value", { args: { A: "1" } });
    await differs("another name", { args: { B: "1" } });
    images["node:20"] = "sha256:1";
    await differs("a base image");
    images["node:20"] = "sha256:2";
    await differs("another base image");
    await appendFile(join(folder, "Dockerfile"), "# more\n");
    await differs("a Dockerfile's comment");
    await put("file", "two");
    await differs("a file's content");
    await put("new", "");
    await differs("a new empty file");
    await mkdir(join(folder, "empty"));
    await differs("a new empty folder");
    await rm(join(folder, "link"));
    await symlink("new", join(folder, "link"));
    await differs("a link's target");
    await rm(join(folder, "d/x"));
    await differs("a file that is gone");
    if (process.platform !== "win32") {
      await chmod(join(folder, "file"), 0o755);
      await differs("a file's permissions");
      await chmod(join(folder, "d"), 0o700);
      await differs("a folder's permissions");
    }
  });

  it("is the same whatever nothing that is built has to do with", async () => {
    const lines = [
      "FROM node:20 AS other",
      "ARG OTHER",
      "COPY other /",
      "FROM node:20 AS app",
      "ARG USED",
      "COPY app /",
    ];
    await put("Dockerfile", lines.join("\n"));
    await put("app");
    await put("other");
    images["node:20"] = "sha256:1";
    const build = { target: "app", args: { USED: "1", OTHER: "1", NOWHERE: "1" } };
    const first = await collect(build);
    const isSame = async (what: string, args: Readonly<Record<string, string>> = build.args): Promise<void> => {
      assert.equal((await collect({ ...build, args })).fingerprint, first.fingerprint, what);
    };
    await put("other", "changed");
    await isSame("a file that only another stage takes");
    await put("Dockerfile", ["# a comment", ...lines.slice(0, 3), "RUN other", ...lines.slice(3)].join("\n\n"));
    await isSame("another stage, comments and blank lines");
    await isSame("an argument of another stage", { ...build.args, OTHER: "2" });
    await isSame("an argument that nothing declares", { ...build.args, NOWHERE: "2" });
    assert.notEqual((await collect({ ...build, args: { USED: "2" } })).fingerprint, first.fingerprint);
    assert.deepEqual(first.unusedArguments, ["NOWHERE", "OTHER"]);
  });

  it("counts arguments that have an effect though no ARG is to be seen", async () => {
    await put("Dockerfile", "FROM node:20\nRUN true\n");
    const fingerprintWith = async (name: string, value: string): Promise<string> =>
      (await collect({ args: { [name]: value } })).fingerprint;
    for (const name of ["SOURCE_DATE_EPOCH", "BUILDKIT_SYNTAX", "HTTPS_PROXY", "TARGETPLATFORM"]) {
      assert.notEqual(await fingerprintWith(name, "1"), await fingerprintWith(name, "2"), name);
    }
    images["node:20"] = "sha256:1";
    configs["node:20"] = { env: {}, onBuild: ["RUN true"] };
    assert.equal(await fingerprintWith("HIDDEN", "1"), await fingerprintWith("HIDDEN", "2"));
    configs["node:20"] = { env: {}, onBuild: ["ARG HIDDEN", "RUN echo $HIDDEN"] };
    assert.notEqual(await fingerprintWith("HIDDEN", "1"), await fingerprintWith("HIDDEN", "2"));
    configs = {};
    await put("Dockerfile", "FROM node:20 AS base\nONBUILD ARG HIDDEN\nFROM base\nRUN true\n");
    assert.notEqual(await fingerprintWith("HIDDEN", "1"), await fingerprintWith("HIDDEN", "2"));
  });

  it("counts every argument where an ARG's name may be another one than is written", async () => {
    for (const name of ['"HIDDEN"', "${WHICH}", "HID\\DEN"]) {
      await put("Dockerfile", `FROM scratch\nENV WHICH=HIDDEN\nARG ${name}\nLABEL a=$HIDDEN\n`);
      const [one, two] = await Promise.all(["1", "2"].map(async (HIDDEN) => collect({ args: { HIDDEN } })));
      assert.notEqual(one?.fingerprint, two?.fingerprint, name);
    }
  });

  it("counts the stages and the images that ONBUILD instructions of base images copy from", async () => {
    await put("a");
    await put("b");
    const tools = "FROM deep AS tools\nARG USED\nCOPY a /\n";
    await put("Dockerfile", `FROM scratch AS deps\nCOPY b /\n${tools}FROM base\n`);
    images = { base: "sha256:1", deep: "sha256:2", alpine: "sha256:3" };
    const plain = await collect();
    configs["base"] = { env: {}, onBuild: ["COPY --from=tools /a /", "RUN --mount=from=alpine,target=/t true"] };
    configs["deep"] = { env: {}, onBuild: ["COPY --from=0 /b /"] };
    const triggered = await collect();
    assert.deepEqual(
      triggered.stages.map(({ index }) => index),
      [0, 1, 2],
    );
    assert.deepEqual(await kindsAndPaths(triggered), [
      "dockerfile Dockerfile",
      "base-image",
      "base-image",
      "base-image",
      "file a",
      "file b",
    ]);
    assert.deepEqual((await collect({ args: { USED: "1" } })).unusedArguments, []);
    images["alpine"] = "sha256:4";
    assert.notEqual((await collect()).fingerprint, triggered.fingerprint);
    await put("Dockerfile", `FROM scratch AS deps\nCOPY b /\n${tools}RUN more\nFROM base\n`);
    assert.notEqual((await collect()).fingerprint, triggered.fingerprint);
    await put("Dockerfile", `FROM scratch AS deps\nCOPY b /\n${tools}FROM base\n`);
    configs = {};
    const after = await withCurrentBaseImages(triggered, imageOf);
    assert.equal(after.fingerprint, plain.fingerprint);
    assert.deepEqual(
      after.stages.map(({ index }) => index),
      [2],
    );
  });

  it("does not care where the workspace is", async () => {
    await put("Dockerfile", "FROM scratch");
    await put("one/Dockerfile", "FROM scratch");
    await put("two/Dockerfile", "FROM scratch");
    const one = await collect({ dockerfile: "one/Dockerfile", context: "one" });
    const two = await collect({ dockerfile: "two/Dockerfile", context: "two" });
    assert.equal(one.fingerprint, two.fingerprint);
  });

  it("says where the Dockerfile lies, for messages and for the builder", async () => {
    await put("docker/Dockerfile", "FROM scratch");
    await put("app/a");
    const inside = await collect({ dockerfile: "docker/Dockerfile" });
    assert.equal(inside.dockerfileName, "docker/Dockerfile");
    assert.equal(inside.context.dockerfile.pathInContext, "docker/Dockerfile");
    const outside = await collect({ dockerfile: "docker/Dockerfile", context: "app" });
    assert.equal(outside.dockerfileName, "docker/Dockerfile");
    assert.equal(outside.context.dockerfile.pathInContext, undefined);
    assert.equal(outside.context.root, join(folder, "app"));
    assert.deepEqual(Buffer.from(outside.context.dockerfile.content).toString(), "FROM scratch");
  });

  it("asks only about images that a reachable stage uses, and that have a known name", async () => {
    const content =
      "ARG V\nARG W=3\nFROM unused:1 AS unused\nFROM alpine:$V AS a\nFROM alpine:$W AS b\nFROM scratch\nCOPY --from=a / /\nCOPY --from=b / /\n";
    await put("Dockerfile", content);
    const { baseImages } = await collect({ args: { V: "2" } });
    assert.deepEqual(asked, ["alpine:2", "alpine:3"]);
    assert.deepEqual(
      baseImages.map(({ reference, line }) => [reference, line]),
      [
        ["alpine:2", 4],
        ["alpine:3", 5],
      ],
    );
  });

  it("counts one image once, also when it is asked for in several platforms", async () => {
    await put(
      "Dockerfile",
      "FROM --platform=linux/amd64 alpine:3 AS a\nFROM --platform=linux/arm64 alpine:3\nCOPY --from=a / /\n",
    );
    const { inputs, baseImages } = await collect();
    assert.equal(inputs.filter(({ kind }) => kind === "base-image").length, 1);
    assert.deepEqual(
      baseImages.map(({ platform }) => platform),
      ["linux/amd64"],
    );
  });

  describe("refuses a Dockerfile that is", () => {
    it("missing", async () => {
      await refusesDockerfile(
        { problem: "missing", message: /^sub\/Dockerfile: there is no such file\. Create it/ },
        { dockerfile: "sub/Dockerfile" },
      );
    });

    it("a link to nothing", async () => {
      await symlink("gone", join(folder, "Dockerfile"));
      await refusesDockerfile({ problem: "missing", message: /^Dockerfile: / });
    });

    for (const [what, content] of [
      ["empty", ""],
      ["only white space", " \n\t\r\n"],
    ] as const) {
      it(what, async () => {
        await put("Dockerfile", content);
        await refusesDockerfile({
          problem: "empty",
          message: /^Dockerfile: the file is empty\. Start with a line such as "FROM/,
        });
      });
    }

    it("a folder", async () => {
      await mkdir(join(folder, "Dockerfile"));
      await refusesDockerfile({ problem: "folder", message: /^Dockerfile: this is a folder/ });
    });

    it("unreadable", async () => {
      await symlink("Dockerfile", join(folder, "Dockerfile"));
      await refusesDockerfile({ problem: "unreadable", message: /^Dockerfile: cannot be read \(ELOOP/ });
    });

    it("beside a file that should be its folder", async () => {
      await put("a", "");
      await refusesDockerfile(
        { problem: "unreadable", message: /^a\/Dockerfile: cannot be read \(ENOTDIR/ },
        { dockerfile: "a/Dockerfile" },
      );
    });

    for (const [what, content, line] of [
      ["with an unknown instruction", "FROM scratch\n\nRUNN x\n", 3],
      ["without FROM", "ARG A\n", 1],
      ["with an instruction before FROM", "\nRUN x\nFROM scratch\n", 2],
      ["of comments only", "# nothing\n", 1],
    ] as const) {
      it(`${what}, with the line`, async () => {
        await put("Dockerfile", content);
        await refusesDockerfile({ problem: "syntax", line, message: new RegExp(`^Dockerfile:${String(line)}: `) });
      });
    }

    it("without the target, and names the stages that there are", async () => {
      await put("Dockerfile", "FROM scratch AS base\nFROM base AS dev\n");
      await refusesDockerfile(
        { problem: "unknown-target", message: /there is no stage "prod" to build; its stages are: base, dev\./ },
        { target: "prod" },
      );
      await put("Dockerfile", "FROM scratch\n");
      await refusesDockerfile({ problem: "unknown-target", message: /its stages are: 0\./ }, { target: "prod" });
    });
  });

  describe("leaves out what is ignored", () => {
    beforeEach(async () => {
      await put("Dockerfile", "FROM scratch\nCOPY . /\n");
      await put("a");
      await put("b");
    });

    it("by .dockerignore", async () => {
      await put(".dockerignore", "# comment\na\n.dockerignore\n");
      assert.deepEqual((await kindsAndPaths(await collect())).slice(1), ["file Dockerfile", "file b"]);
    });

    it("by the Dockerfile's own ignore file, which comes before the context's", async () => {
      await put(".dockerignore", "a");
      await put("Dockerfile.dockerignore", "*\n!a");
      assert.deepEqual((await kindsAndPaths(await collect())).slice(1), ["file a"]);
    });

    it("by an empty ignore file of the Dockerfile: nothing", async () => {
      await put(".dockerignore", "*");
      await put("Dockerfile.dockerignore", "");
      assert.equal((await kindsAndPaths(await collect())).length, 6);
    });

    it("by the ignore file of the context, wherever the Dockerfile is", async () => {
      await put("docker/Dockerfile", "FROM scratch\nCOPY . /\n");
      await put(".dockerignore", "*\n!b");
      await put("docker/.dockerignore", "b");
      assert.deepEqual((await kindsAndPaths(await collect({ dockerfile: "docker/Dockerfile" }))).slice(1), ["file b"]);
    });

    it("except for the Dockerfile, which counts in any case", async () => {
      await put(".dockerignore", "*");
      const before = await collect();
      await put("Dockerfile", "FROM scratch AS a");
      const after = await collect();
      assert.deepEqual(await kindsAndPaths(after), ["dockerfile Dockerfile"]);
      assert.notEqual(after.fingerprint, before.fingerprint);
    });

    for (const pattern of ["[a", "!", "a\\"]) {
      it(`and refuses the pattern ${pattern}, naming file and pattern`, async () => {
        await put(".dockerignore", `a\n${pattern}\n`);
        await assert.rejects(collect(), (error) => {
          assert.ok(error instanceof BuildContextError, String(error));
          assert.ok(error.path.endsWith(".dockerignore"));
          assert.ok(error.message.includes(`"${pattern}" is not a valid pattern`), error.message);
          return true;
        });
      });
    }

    it("and refuses an ignore file that cannot be read", async () => {
      await mkdir(join(folder, ".dockerignore"));
      await assert.rejects(collect(), (error) => {
        assert.ok(error instanceof BuildContextError);
        assert.match(error.message, /\.dockerignore: cannot be read \(it is a folder/);
        return true;
      });
    });
  });

  describe("of the context", () => {
    beforeEach(async () => {
      await put("src/a");
      await put("src/b");
      await put("other");
      images = { base: "sha256:1" };
    });
    const entriesOf = async ({ snapshot }: CollectedInputs): Promise<readonly string[]> =>
      (await snapshot.entries()).map(({ path }) => path);
    const inputsOf = async ({ snapshot }: CollectedInputs): Promise<readonly string[]> =>
      (await snapshot.inputs()).map(({ path }) => path);

    it("counts what the build takes, and sends the folders on the way to it", async () => {
      await put("Dockerfile", "FROM base\nCOPY src/a /\n");
      const collected = await collect();
      assert.equal(collected.selection.kind, "some");
      assert.deepEqual(await inputsOf(collected), ["src/a"]);
      assert.deepEqual(await entriesOf(collected), ["src", "src/a"]);
      await put("other", "2");
      await put("src/b", "2");
      assert.equal((await collect()).fingerprint, collected.fingerprint);
      await put("src/a", "2");
      assert.notEqual((await collect()).fingerprint, collected.fingerprint);
    });

    it("does not care what is ignored of that which nothing takes", async () => {
      await put("Dockerfile", "FROM base\nCOPY src /\n");
      const before = await collect();
      await put(".dockerignore", "other\n");
      assert.equal((await collect()).fingerprint, before.fingerprint);
      await put(".dockerignore", "src/b\n");
      assert.notEqual((await collect()).fingerprint, before.fingerprint);
    });

    it("counts all of it while a base image is not there, and what is taken once it has come", async () => {
      await put("Dockerfile", "FROM base\nCOPY src/$WHAT /\n");
      configs = { base: { env: { WHAT: "b" }, onBuild: ["COPY other /"] } };
      images = {};
      const before = await collect();
      assert.deepEqual([before.lacksBaseImage, before.selection.kind], [true, "all"]);
      assert.equal(before.snapshot.count, 5);
      images = { base: "sha256:1" };
      const after = await withCurrentBaseImages(before, imageOf);
      assert.deepEqual([after.lacksBaseImage, after.selection.kind], [false, "some"]);
      assert.deepEqual(await inputsOf(after), ["other", "src/b"]);
      assert.equal(after.fingerprint, (await collect()).fingerprint);
    });

    it("names what ADD fetches, without logins", async () => {
      const added = "https://me:s3cret@example.com/$V.tgz https://github.com/a/b.git#v1 src/a";
      await put("Dockerfile", `FROM base\nARG V=1\nADD ${added} /\nCOPY https://no.example.com/ /\n`);
      const { inputs } = await collect();
      const urls = inputs.flatMap((input) => (input.kind === "remote" ? [input.url] : []));
      assert.match(urls[0] ?? "", /^https:\/\/me:\*\*\*@example\.com\/1\.tgz \(.+\)$/);
      assert.deepEqual(urls.slice(1), ["https://github.com/a/b.git#v1"]);
    });

    it("counts labels, network, hosts, and which secrets there are, but not what they are", async () => {
      await put("Dockerfile", "FROM base\n");
      const plain = await collect({ network: "default", labels: {}, secrets: [], cacheTo: ["type=registry,ref=a"] });
      assert.equal(plain.fingerprint, (await collect()).fingerprint);
      const secret = { id: "npm", kind: "env", variable: "NPM_TOKEN" } as const;
      const { inputs } = await collect({
        network: "none",
        labels: { a: "1" },
        extraHosts: { db: "10.0.0.1" },
        secrets: [secret],
        ssh: [{ id: "default", paths: [] }],
        cacheTo: ["type=inline"],
      });
      assert.deepEqual(
        inputs.flatMap((input) => (input.kind === "option" ? [[input.name, input.value]] : [])),
        [
          ["cache", "inline"],
          ["host db", "10.0.0.1"],
          ["label a", "1"],
          ["network", "none"],
          ["secret npm", ""],
          ["ssh default", ""],
        ],
      );
      const one = await collect({ secrets: [secret] });
      assert.notEqual(one.fingerprint, plain.fingerprint);
      const other = await collect({ secrets: [{ ...secret, variable: "OTHER" }] });
      assert.equal(other.fingerprint, one.fingerprint);
    });
  });

  it("refuses a context that is missing or a file", async () => {
    await put("Dockerfile", "FROM scratch");
    await assert.rejects(collect({ context: "gone" }), (error) => {
      assert.ok(error instanceof BuildContextError);
      assert.equal(error.message, "gone: there is no such folder. Correct build.context in slipway.json.");
      return true;
    });
    await assert.rejects(collect({ context: "Dockerfile" }), /^BuildContextError: Dockerfile: this is not a folder/);
  });

  it("ends with the signal's reason when aborted", async () => {
    await put("Dockerfile", "FROM scratch");
    const reason = new Error("enough");
    await assert.rejects(collect({}, AbortSignal.abort(reason)), reason);
  });

  it("passes on what asking the engine fails with", async () => {
    await put("Dockerfile", "FROM a");
    const failure = new Error("engine lost");
    const build = {
      dockerfile: join(folder, "Dockerfile"),
      context: folder,
      target: undefined,
      platform: undefined,
      args: {},
    };
    const failing = collectBuildInputs({
      folder,
      build,
      engine: undefined,
      imageOf: async () => Promise.reject(failure),
    });
    await assert.rejects(failing, failure);
  });

  describe("withCurrentBaseImages", () => {
    it("is what collecting again would give, once base images have come", async () => {
      await put("Dockerfile", "FROM a AS one\nFROM b\nCOPY --from=one / /\n");
      const before = await collect({ args: { X: "1" } });
      images = { a: "sha256:a", b: "sha256:b" };
      const after = await withCurrentBaseImages(before, imageOf);
      const again = await collect({ args: { X: "1" } });
      assert.deepEqual([after.inputs, after.fingerprint], [again.inputs, again.fingerprint]);
      assert.deepEqual([before.lacksBaseImage, after.lacksBaseImage], [true, false]);
      assert.notEqual(after.fingerprint, before.fingerprint);
    });

    it("changes nothing where there are none", async () => {
      await put("Dockerfile", "FROM scratch");
      const before = await collect();
      const after = await withCurrentBaseImages(before, imageOf);
      assert.deepEqual([after.fingerprint, after.inputs], [before.fingerprint, before.inputs]);
      assert.equal(after.snapshot, before.snapshot);
    });
  });

  describe("in a network with proxies and authorities of its own", () => {
    const certificates = (sha256: string): NonNullable<NetworkSettings["certificates"]> => ({
      sha256,
      bundle: new Uint8Array(),
      tar: (): never => {
        throw new Error("not for this");
      },
    });
    const inNetwork = async (
      settings: Partial<NetworkSettings>,
      build: Partial<BuildConfiguration> = {},
    ): Promise<CollectedInputs> =>
      collectBuildInputs({
        folder,
        build: {
          target: undefined,
          platform: undefined,
          args: {},
          ...build,
          dockerfile: join(folder, "Dockerfile"),
          context: folder,
        },
        engine: undefined,
        imageOf,
        scanner: new InProcessScanner(),
        network: { ...NO_NETWORK_SETTINGS, ...settings },
      });
    const argsOf = ({ inputs }: CollectedInputs): readonly string[] =>
      inputs.flatMap((input) => (input.kind === "arg" ? [`${input.name}=${input.value}`] : []));

    it("counts the proxies that the built stages declare, and passes on all", async () => {
      await put("Dockerfile", "FROM a AS one\nARG HTTP_PROXY\nFROM b\nARG https_proxy=x NAME\n");
      const proxies = { HTTP_PROXY: "http://h", https_proxy: "http://s", no_proxy: "n" };
      const collected = await inNetwork({ proxies });
      assert.deepEqual(argsOf(collected), ["https_proxy=http://s"]);
      assert.deepEqual(collected.args, proxies);
      assert.equal(
        (await inNetwork({ proxies: { ...proxies, HTTP_PROXY: "http://other" } })).fingerprint,
        collected.fingerprint,
      );
      assert.notEqual(
        (await inNetwork({ proxies: { ...proxies, https_proxy: "http://other" } })).fingerprint,
        collected.fingerprint,
      );
      assert.deepEqual(argsOf(await inNetwork({ proxies }, { target: "one" })), ["HTTP_PROXY=http://h"]);
    });

    for (const [what, dockerfile] of [
      ["in a RUN", 'FROM a\nRUN echo "proxy $http_proxy" > /conf\n'],
      ["in the other case", "FROM a\nRUN echo $HTTP_PROXY\n"],
      ["in a heredoc", "FROM a\nCOPY <<E /x\nhi\nE\nRUN <<E\necho $http_proxy\nE\n"],
      ["over two lines", "FROM a\nRUN echo $http_\\\nproxy\n"],
      ["in a stage that it is built from", 'FROM a AS b\nSHELL ["x", "$http_proxy"]\nFROM b\nRUN x\n'],
    ] as const) {
      it(`counts one that is named ${what}, though no ARG declares it, once`, async () => {
        await put("Dockerfile", dockerfile);
        const proxies = (value: string) => ({ proxies: { HTTP_PROXY: value, http_proxy: value, NO_PROXY: "n" } });
        const collected = await inNetwork(proxies("http://1"));
        assert.deepEqual(argsOf(collected), ["HTTP_PROXY=http://1"]);
        assert.notEqual((await inNetwork(proxies("http://2"))).fingerprint, collected.fingerprint);
        assert.deepEqual(collected.stages.map(collected.networkOf).at(-1), [
          { kind: "arg", name: "HTTP_PROXY", value: "http://1" },
        ]);
      });
    }

    it("does not count one that only a comment or a stage that is not built names", async () => {
      await put("Dockerfile", "FROM a AS one\nRUN $http_proxy\nFROM b\n# $http_proxy\nRUN x\n");
      const collected = await inNetwork({ proxies: { HTTP_PROXY: "p", http_proxy: "p" } });
      assert.deepEqual(argsOf(collected), []);
      assert.deepEqual(collected.stages.flatMap(collected.networkOf), []);
    });

    it("tells every stage of those that count wherever steps see them", async () => {
      await put("Dockerfile", "ARG HTTPS_PROXY\nFROM a\nRUN x\n");
      const collected = await inNetwork(
        { proxies: { HTTPS_PROXY: "s", FTP_PROXY: "f" } },
        { args: { http_proxy: "h", X: "1" } },
      );
      const seen = collected.stages
        .flatMap(collected.networkOf)
        .map((input) => (input.kind === "arg" ? input.name : ""));
      assert.deepEqual(seen, ["HTTPS_PROXY", "http_proxy"]);
    });

    it("counts one that is declared before the first FROM", async () => {
      await put("Dockerfile", "ARG ALL_PROXY\nFROM a\n");
      assert.deepEqual(argsOf(await inNetwork({ proxies: { ALL_PROXY: "p" } })), ["ALL_PROXY=p"]);
    });

    it("lets the user's own argument win", async () => {
      await put("Dockerfile", "FROM a\n");
      const collected = await inNetwork({ proxies: { HTTP_PROXY: "theirs" } }, { args: { HTTP_PROXY: "own" } });
      assert.deepEqual(argsOf(collected), ["HTTP_PROXY=own"]);
      assert.deepEqual(collected.args, { HTTP_PROXY: "own" });
    });

    it("writes no password down, and still tells one from another", async () => {
      await put("Dockerfile", "FROM a\nARG HTTP_PROXY\n");
      const one = await inNetwork({ proxies: { HTTP_PROXY: "http://me:s3cret@p" } });
      assert.doesNotMatch(JSON.stringify(await one.allInputs()), /s3cret/);
      assert.notEqual((await inNetwork({ proxies: { HTTP_PROXY: "http://me:0ther@p" } })).fingerprint, one.fingerprint);
    });

    it("counts the authorities where a step could use them", async () => {
      await put("Dockerfile", "FROM a AS one\nCOPY x /\nFROM b\nRUN true\n");
      const without = await inNetwork({});
      const one = await inNetwork({ certificates: certificates("1") });
      const two = await inNetwork({ certificates: certificates("2") });
      assert.equal(new Set([without, one, two].map(({ fingerprint }) => fingerprint)).size, 3);
      assert.equal(describeChanges(await compareInputs(one.inputs, two.inputs)), "CA certificates changed");
      assert.equal(describeChanges(await compareInputs(without.inputs, one.inputs)), "CA certificates added");
      const unused = await inNetwork({ certificates: certificates("1") }, { target: "one" });
      assert.equal(unused.fingerprint, (await inNetwork({}, { target: "one" })).fingerprint);
      assert.equal(unused.certificates, undefined);
    });
  });
});
