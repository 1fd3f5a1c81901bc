import assert from "node:assert/strict";
import { listStages } from "../../dockerfile/listStages";
import { parseDockerfile } from "../../dockerfile/parseDockerfile";
import { reachableStages } from "../../dockerfile/reachableStages";
import type { ContextSelection, ContextSource } from "./ContextSelection";
import { selectContext, type BaseImageConfig, type SelectContextOptions } from "./selectContext";

type Options = Partial<SelectContextOptions> & { readonly target?: string };

const PLAIN: BaseImageConfig = { env: { PATH: "/bin", FROM_BASE: "base" }, onBuild: [] };

function select(text: string, options: Options = {}): ContextSelection {
  const { args = {}, platformArgs = {}, target } = options;
  const syntax = parseDockerfile(text);
  const stages = reachableStages(listStages(syntax, { ...platformArgs, ...args }), target);
  return selectContext({ syntax, stages, args, platformArgs, kind: "docker", baseOf: () => PLAIN, ...options });
}

function sourcesOf(text: string, options?: Options): readonly ContextSource[] {
  const selection = select(text, options);
  if (selection.kind === "all") {
    throw new assert.AssertionError({ message: `everything is selected: ${JSON.stringify(selection.doubts)}` });
  }
  return selection.sources;
}

/** The paths that the instructions after `FROM base` take. */
const pathsOf = (instructions: string, options?: Options): readonly string[] =>
  sourcesOf(`FROM base\n${instructions}`, options)
    .map(({ path }) => path)
    .sort();

function doubtsOf(text: string, options?: Options): readonly string[] {
  const selection = select(text, options);
  if (selection.kind === "some") {
    throw new assert.AssertionError({ message: `only this is selected: ${JSON.stringify(selection.sources)}` });
  }
  return selection.doubts.map(({ line, reason }) => `${String(line)}: ${reason}`);
}

describe("selectContext", () => {
  it("takes nothing for a Dockerfile that takes nothing", () => {
    assert.deepEqual(select("FROM base\nRUN echo a b\nCMD c"), { kind: "some", sources: [] });
  });

  it("takes the sources of COPY and ADD, in both forms, and says where", () => {
    assert.deepEqual(sourcesOf('FROM base\nCOPY a b/c /d/\nADD ["e f", "/"]'), [
      { path: "a", wildcards: false, parents: false, excludes: [], line: 2 },
      { path: "b/c", wildcards: false, parents: false, excludes: [], line: 2 },
      { path: "e f", wildcards: false, parents: false, excludes: [], line: 3 },
    ]);
  });

  it("cleans paths, which cannot leave the context", () => {
    assert.deepEqual(pathsOf("COPY /a ./b/ ../../c d//e/./f/../g /"), ["a", "b", "c", "d/e/g"]);
    assert.deepEqual(pathsOf("COPY . /x"), ["."]);
    assert.deepEqual(pathsOf("COPY / /x"), ["."]);
    assert.deepEqual(pathsOf("COPY a/.. /x"), ["."]);
  });

  it("tells patterns from names", () => {
    const sources = sourcesOf('FROM base\nCOPY a* b? [c] d /x/\nCOPY ["\\\\\\\\e", "/"]');
    assert.deepEqual(
      sources.map(({ path, wildcards }) => [path, wildcards]),
      [
        ["a*", true],
        ["b?", true],
        ["[c]", true],
        ["d", false],
        ["\\e", true],
        ["e", false],
      ],
    );
  });

  it("takes both what is in JSON form and the words, where more follows it", () => {
    assert.deepEqual([...pathsOf('COPY ["a","x"] b c')].sort(), ["[a,x]", "a", "b"]);
    assert.deepEqual(pathsOf('COPY ["a"] b'), ["[a]"]);
    assert.deepEqual(pathsOf('COPY ["a","/x"] '), ["a"]);
  });

  it("lets a class in brackets stand for a slash, too, as Go's filepath.Match does", () => {
    assert.deepEqual([...pathsOf("COPY d/a[^x]f /x/")].sort(), ["d/a/f", "d/a[^x]f"]);
  });

  it("takes only what reachable stages take", () => {
    const text = "FROM base AS one\nCOPY a /\nFROM base AS two\nCOPY b /\nFROM one\nCOPY --from=two /b /c\nCOPY d /";
    const paths = (target?: string): readonly string[] =>
      sourcesOf(text, target === undefined ? {} : { target }).map(({ path }) => path);
    assert.deepEqual(paths(), ["a", "b", "d"]);
    assert.deepEqual(paths("one"), ["a"]);
  });

  it("takes nothing of the context for another source", () => {
    assert.deepEqual(pathsOf("COPY --from=image /a /b\nCOPY --link --chown=1 b /\nCOPY --from= c /"), ["b", "c"]);
  });

  it("takes nothing for heredocs and addresses", () => {
    assert.deepEqual(pathsOf("COPY <<EOF a /x/\nb\nEOF\nADD https://a.example/b http://c /d/"), ["a"]);
    assert.deepEqual(pathsOf('COPY ["<<EOF", "/"]'), ["<<EOF"]);
  });

  it("looks for what may be a git repository in the context as well", () => {
    assert.deepEqual(pathsOf("ADD git@github.com:a/b.git /x"), ["git@github.com:a/b.git"]);
    assert.deepEqual(pathsOf("ADD github.com/a/b /x"), ["github.com/a/b"]);
  });

  it("takes what is mounted from the context", () => {
    assert.deepEqual(pathsOf("RUN --mount=target=/src make"), ["."]);
    assert.deepEqual(pathsOf("RUN --mount=type=bind,source=a,target=/a --mount=src=/b/*,dst=/b make"), ["a", "b/*"]);
    assert.ok(!sourcesOf("FROM base\nRUN --mount=src=b*,dst=/b c").some(({ wildcards }) => wildcards));
    const others = [
      "type=cache,target=/a",
      "type=tmpfs,target=/a",
      "type=secret,id=a,src=b",
      "type=SSH",
      "from=c,target=/a",
    ];
    assert.deepEqual(pathsOf(others.map((mount) => `RUN --mount=${mount} make`).join("\n")), []);
    assert.deepEqual(pathsOf("RUN --mount=type=$T,source=a,target=/a --mount=from=$F,source=b,target=/b c"), [
      "a",
      "b",
    ]);
  });

  it("takes a mount's variable as it is written, too, since not all builders replace it", () => {
    assert.deepEqual(pathsOf("ENV V=a\nRUN --mount=source=$V/b,target=/b make"), ["$V/b", "a/b"]);
    assert.match(
      doubtsOf("FROM base\nARG TARGETARCH\nRUN --mount=source=$TARGETARCH,target=/b make")[0] ?? "",
      /TARGETARCH/u,
    );
  });

  it("takes a path for Windows in both readings", () => {
    assert.deepEqual(pathsOf('# a comment\nCOPY ["C:\\\\\\\\a\\\\\\\\b", "/"]'), ["C:\\a\\b", "a/b"]);
    assert.deepEqual(
      sourcesOf("# escape=`\nFROM base\nCOPY dir\\file C:\\").map(({ path }) => path),
      ["dir\\file", "dir/file"],
    );
  });

  describe("variables", () => {
    it("are those of ENV and ARG, as they stand at the line", () => {
      assert.deepEqual(pathsOf("COPY $A /\nARG A=x\nCOPY $A /\nENV A=y\nCOPY ${A}z /"), [".", "x", "yz"]);
      assert.deepEqual(pathsOf("ENV A=1 B=2\nENV A=3 B=$A\nCOPY a$B /\nENV C x $A\nCOPY $C /"), ["a1", "x 3"]);
    });

    it("take given arguments only where ARG declares them", () => {
      const args = { A: "given", B: "given" };
      assert.deepEqual(pathsOf("ARG A=default\nCOPY $A b$B /", { args }), ["b", "given"]);
      assert.deepEqual(pathsOf("ARG A\nCOPY a$A /"), ["a"]);
    });

    it("come from ahead of the first FROM once they are declared again", () => {
      const text = "ARG A=1\nARG B=${A}2\nFROM base\nCOPY x$A /\nARG A\nARG B\nCOPY y$A$B /";
      assert.deepEqual(
        sourcesOf(text).map(({ path }) => path),
        ["x", "y112"],
      );
      assert.deepEqual(
        sourcesOf(text, { args: { A: "3" } }).map(({ path }) => path),
        ["x", "y332"],
      );
    });

    it("come from the base image and from the stage that a stage is built from", () => {
      assert.deepEqual(pathsOf("COPY $FROM_BASE /"), ["base"]);
      const text = "FROM base AS one\nENV A=a\nARG B=b\nFROM one\nCOPY $FROM_BASE$A x$B /";
      // Podman 4 hands on no ARG.
      assert.deepEqual(
        sourcesOf(text)
          .map(({ path }) => path)
          .sort(),
        ["basea", "x", "xb"],
      );
      assert.deepEqual(
        sourcesOf("FROM scratch\nCOPY a$FROM_BASE /").map(({ path }) => path),
        ["a"],
      );
    });

    it("may be seen in the value of ENV although an ARG comes later", () => {
      assert.deepEqual(pathsOf("ENV A=env\nARG A=arg\nCOPY $A /"), ["arg", "env"]);
    });

    it("of the platform are known only with a platform", () => {
      const text = "FROM base\nARG TARGETARCH\nCOPY bin-$TARGETARCH /";
      assert.deepEqual(
        sourcesOf(text, { platformArgs: { TARGETARCH: "arm64" } }).map(({ path }) => path),
        ["bin-arm64"],
      );
      assert.deepEqual(doubtsOf(text), ['3: only the build can tell the value of TARGETARCH in "bin-$TARGETARCH"']);
      assert.deepEqual(pathsOf("COPY bin-$TARGETARCH /", { platformArgs: { TARGETARCH: "arm64" } }), ["bin-"]);
      for (const own of ["FROM base\nARG TARGETOS=a\n", "ARG TARGETOS=a\nFROM base\nARG TARGETOS\n"]) {
        assert.match(doubtsOf(`${own}COPY $TARGETOS /`, { platformArgs: { TARGETOS: "linux" } })[0] ?? "", /TARGETOS/u);
      }
    });

    it("that the builder may or may not set make a doubt", () => {
      assert.match(doubtsOf("FROM scratch\nCOPY $PATH /")[0] ?? "", /PATH/u);
      assert.match(
        doubtsOf("FROM base\nCOPY $http_proxy /", { args: { http_proxy: "http://p" } })[0] ?? "",
        /http_proxy/u,
      );
      assert.deepEqual(pathsOf("COPY a$http_proxy /"), ["a"]);
    });

    it("make a doubt when a name is not known", () => {
      assert.equal(doubtsOf("FROM base\nARG TARGETOS\nENV X$TARGETOS=a\nCOPY $B /").length, 1);
      assert.equal(doubtsOf("FROM base\nARG $A=a\nCOPY $B /").length, 1);
      assert.equal(doubtsOf("FROM base\nARG A=1 B=$A\nCOPY $B /").length, 1);
    });

    it("need not be known where they have no part in the path", () => {
      assert.deepEqual(pathsOf("ARG TARGETOS\nCOPY ${FROM_BASE:-$TARGETOS} /$TARGETOS"), ["base"]);
    });

    it("are no inherited properties of JavaScript", () => {
      assert.deepEqual(pathsOf("ARG constructor\nCOPY a$constructor b$toString /"), ["a", "b"]);
    });

    it("make a doubt of what cannot be understood", () => {
      assert.match(
        doubtsOf("FROM base\nCOPY ${A:?no} /")[0] ?? "",
        /^2: "\$\{A:\?no\}" cannot be understood \(A: no\)$/u,
      );
    });
  });

  describe("--parents", () => {
    it("counts the folders above, and has a pivot", () => {
      const [source, ...others] = sourcesOf("FROM base\nCOPY --parents a/./b/*.js /");
      assert.deepEqual([source?.path, source?.parents, others], ["a/b/*.js", true, []]);
      assert.equal(sourcesOf("FROM base\nCOPY --parents=false a /")[0]?.parents, false);
    });

    it("takes all that a stranger pattern is held against", () => {
      assert.deepEqual(pathsOf("COPY --parents a/./b**c /"), ["a"]);
      assert.deepEqual(pathsOf("COPY --parents a/./. /"), ["a"]);
      assert.deepEqual(pathsOf("COPY --parents !a /"), ["."]);
      assert.deepEqual(pathsOf("COPY --parents a/**/b /"), ["a/**/b"]);
    });
  });

  describe("--exclude", () => {
    const excludes = (flags: string, options?: Options): unknown =>
      sourcesOf(`FROM base\nARG V=x\nCOPY ${flags} a /`, options).map((source) => source.excludes);

    it("is kept for Docker if it is certain what it leaves out", () => {
      assert.deepEqual(excludes("--exclude=*.md --exclude=b/**"), [["*.md", "b/**"]]);
      for (const doubtful of [
        "--exclude=!b --exclude=c",
        "--exclude=$V",
        "--exclude=[",
        "--parents --exclude=c",
        "--exclude=",
      ]) {
        assert.deepEqual(excludes(doubtful), [[]], doubtful);
      }
    });

    it("narrows nothing for other builders", () => {
      assert.deepEqual(excludes("--exclude=b", { kind: "podman" }), [[]]);
      assert.deepEqual(excludes("--exclude=b", { kind: undefined }), [[]]);
    });
  });

  describe("ONBUILD", () => {
    const withTriggers = (...onBuild: readonly string[]): Options => ({ baseOf: () => ({ ...PLAIN, onBuild }) });

    it("of the base image runs first", () => {
      assert.deepEqual(pathsOf("COPY $A /", withTriggers("ENV A=a", "COPY . /app", "RUN make")), [".", "a"]);
      assert.deepEqual(sourcesOf("# c\nFROM base", withTriggers("ADD $FROM_BASE /app")), [
        { path: "base", wildcards: false, parents: false, excludes: [], line: 2 },
      ]);
    });

    it("of a stage runs in those that are built from it, and not there", () => {
      const text = "FROM base AS one\nONBUILD COPY a /\nCOPY b /\nFROM one AS two\nCOPY c /\nFROM two\nCOPY d /";
      const paths = (target: string): readonly string[] => sourcesOf(text, { target }).map(({ path }) => path);
      assert.deepEqual(paths("one"), ["b"]);
      assert.deepEqual([...paths("two")].sort(), ["a", "b", "c"]);
      assert.deepEqual([...paths("2")].sort(), ["a", "b", "c", "d"]);
    });

    it("takes nothing of the context where it copies from elsewhere", () => {
      const triggers = withTriggers("COPY --from=other /a /b", "RUN --mount=from=image,target=/c d");
      assert.deepEqual(pathsOf("COPY a /", triggers), ["a"]);
    });

    it("makes a doubt when it cannot be read", () => {
      assert.match(doubtsOf("FROM base", withTriggers("COPY <<EOF /b"))[0] ?? "", /ONBUILD/u);
      assert.match(doubtsOf("# escape=`\nFROM base", withTriggers("COPY a\\b /b"))[0] ?? "", /ONBUILD/u);
    });

    it("of an image that is not there makes a doubt", () => {
      assert.deepEqual(doubtsOf("FROM base", { baseOf: () => undefined }), [
        "1: the base image base is not there yet, and it may have ONBUILD instructions",
      ]);
      assert.deepEqual(select("FROM scratch\nCOPY --from=base a b", { baseOf: () => undefined }).kind, "some");
      assert.equal(doubtsOf("FROM base:$BUILDARCH").length, 1);
    });
  });

  describe("the frontend", () => {
    it("is known when it is Docker's", () => {
      for (const syntax of [
        "docker/dockerfile:1",
        "docker.io/docker/dockerfile:1.7-labs",
        "docker/dockerfile-upstream",
      ]) {
        assert.deepEqual(
          sourcesOf(`# syntax=${syntax}\nFROM base\nCOPY a /`).map(({ path }) => path),
          ["a"],
        );
      }
    });

    it("makes a doubt otherwise, named by the Dockerfile or by an argument", () => {
      const doubt = ["undefined: another frontend than Docker's own reads the Dockerfile (other/frontend:1)"];
      assert.deepEqual(doubtsOf("# syntax=other/frontend:1\nFROM base"), doubt);
      assert.deepEqual(doubtsOf("FROM base", { args: { BUILDKIT_SYNTAX: "other/frontend:1" } }), doubt);
    });
  });
});
