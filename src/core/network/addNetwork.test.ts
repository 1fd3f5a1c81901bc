import assert from "node:assert/strict";
import { listStages } from "../dockerfile/listStages";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import { reachableStages } from "../dockerfile/reachableStages";
import type { Stage } from "../dockerfile/Stage";
import { addNetwork, type RewrittenDockerfile } from "./addNetwork";

const MOUNT = "--mount=type=secret,id=slipway-ca,target=/dev/slipway-ca.pem,mode=0444";

interface Options {
  readonly target?: string;
  readonly inherited?: Readonly<Record<number, readonly string[]>>;
  readonly certificates?: boolean;
  readonly digestOf?: (stage: Stage) => string | undefined;
}

function rewrite(text: string, options: Options = {}): RewrittenDockerfile {
  const { target, inherited = {}, certificates = true, digestOf = (): undefined => undefined } = options;
  const syntax = parseDockerfile(text);
  const stages = reachableStages(listStages(syntax, {}), target);
  return addNetwork({
    content: Buffer.from(text),
    syntax,
    stages,
    certificates,
    digestOf,
    inheritedBy: ({ index }) => new Set(inherited[index] ?? []),
  });
}

/** With "MOUNT" and "ARG…" for what is added. */
const textOf = (text: string, options?: Options): string =>
  Buffer.from(rewrite(text, options).content)
    .toString("utf8")
    .replaceAll(MOUNT, "MOUNT")
    .replaceAll(/(ARG|arg) SSL_CERT_FILE=\S+ NODE_EXTRA_CA_CERTS=.*DENO_CERT=\/dev\/slipway-ca\.pem/g, "$1…");

describe("addNetwork", () => {
  for (const [what, before, after] of [
    ["a RUN", "FROM a\nRUN x\n", "FROM a\nARG…\nRUN MOUNT x\n"],
    ["a RUN without a line end", "FROM a\nRUN x", "FROM a\nARG…\nRUN MOUNT x"],
    ["any case and space", "from a\n  run\tx\n", "from a\narg…\n  run MOUNT\tx\n"],
    ["CRLF", "FROM a\r\nRUN x\r\n", "FROM a\r\nARG…\r\nRUN MOUNT x\r\n"],
    ["the JSON form", 'FROM a\nRUN ["x", "y"]\n', 'FROM a\nARG…\nRUN MOUNT ["x", "y"]\n'],
    [
      "other flags",
      "FROM a\nRUN --mount=type=cache,target=/c --network=none x\n",
      "FROM a\nARG…\nRUN MOUNT --mount=type=cache,target=/c --network=none x\n",
    ],
    ["continuation lines", "FROM a\nRUN x \\\n # no\n\n RUN y\n", "FROM a\nARG…\nRUN MOUNT x \\\n # no\n\n RUN y\n"],
    ["a continuation at once", "FROM a\nRUN \\\n  x\n", "FROM a\nARG…\nRUN MOUNT \\\n  x\n"],
    ["a continuation without a space", "FROM a\nRUN\\\n  x\n", "FROM a\nARG…\nRUN MOUNT\\\n  x\n"],
    [
      "another escape character",
      "# escape=`\nFROM a\nRUN `\n x\\\nRUN y\n",
      "# escape=`\nFROM a\nARG…\nRUN MOUNT `\n x\\\nRUN MOUNT y\n",
    ],
    [
      "heredocs",
      "FROM a\nRUN <<EOF\nRUN no\nEOF\nCOPY <<A /b\nRUN no\nA\n",
      "FROM a\nARG…\nRUN MOUNT <<EOF\nRUN no\nEOF\nCOPY <<A /b\nRUN no\nA\n",
    ],
    [
      "directives and comments",
      "# syntax=docker/dockerfile:1\n# c\nFROM a\n# RUN no\nRUN x\n",
      "# syntax=docker/dockerfile:1\n# c\nFROM a\nARG…\n# RUN no\nRUN MOUNT x\n",
    ],
    ["a FROM over several lines", "FROM \\\n # c\n a\nRUN x\n", "FROM \\\n # c\n a\nARG…\nRUN MOUNT x\n"],
    [
      "several stages",
      "FROM a AS b\nRUN x\nFROM b\nRUN y\n",
      "FROM a AS b\nARG…\nRUN MOUNT x\nFROM b\nARG…\nRUN MOUNT y\n",
    ],
    ["what is not UTF-8", "FROM a\nRUN echo \u00e9\u4e16\n", "FROM a\nARG…\nRUN MOUNT echo \u00e9\u4e16\n"],
    ["a byte order mark", "\uFEFFFROM a\nRUN x\n", "\uFEFFFROM a\nARG…\nRUN MOUNT x\n"],
  ] as const) {
    it(`reaches ${what}`, () => {
      assert.equal(textOf(before), after);
      // It is still a Dockerfile with the same instructions.
      const keywords = parseDockerfile(Buffer.from(rewrite(before).content).toString("utf8")).instructions.map(
        ({ keyword }) => keyword,
      );
      assert.deepEqual(
        keywords.filter((keyword) => keyword !== "ARG"),
        parseDockerfile(before).instructions.map(({ keyword }) => keyword),
      );
    });
  }

  for (const [what, text, target] of [
    ["a stage without RUN", "FROM a\nCOPY x y\n", undefined],
    ["ONBUILD, which is part of the image", "FROM a\nONBUILD RUN x\n", undefined],
    ["a stage that is not built", "FROM a AS b\nCOPY x y\nFROM c\nRUN x\n", "b"],
    ["a keyword that goes over two lines", "FROM a\nR\\\nUN x\nRUN y\n", undefined],
  ] as const) {
    it(`leaves ${what} as it is`, () => {
      assert.equal(textOf(text, target === undefined ? {} : { target }), text);
    });
  }

  it("keeps bytes that are no text", () => {
    const content = Buffer.concat([Buffer.from("FROM a\nRUN echo "), Buffer.from([0xff, 0xfe, 0x0a])]);
    const syntax = parseDockerfile(content.toString("utf8"));
    const stages = listStages(syntax, {});
    const rewritten = addNetwork({
      ...{ content, syntax, stages, certificates: true },
      digestOf: () => undefined,
      inheritedBy: () => new Set(),
    });
    assert.ok(
      Buffer.from(rewritten.content)
        .subarray(-3)
        .equals(Buffer.from([0xff, 0xfe, 0x0a])),
    );
  });

  it("leaves out what is set already in what a stage starts from", () => {
    const text = "FROM a AS b\nRUN x\nFROM b\nRUN y\n";
    const content = Buffer.from(rewrite(text, { inherited: { 1: ["SSL_CERT_FILE", "PIP_CERT"] } }).content).toString();
    const [first, second] = content.split("\n").filter((line) => line.startsWith("ARG "));
    assert.match(first ?? "", /SSL_CERT_FILE=.* PIP_CERT=/);
    assert.doesNotMatch(second ?? "", /SSL_CERT_FILE|PIP_CERT/);
    assert.match(second ?? "", /NODE_EXTRA_CA_CERTS=/);
  });

  it("puts a digest into the stages that have one, with and without authorities", () => {
    const text = "FROM a AS b\nRUN x\nFROM b\nCOPY x y\nRUN y\n";
    const digestOf = ({ index }: Stage): string | undefined => (index === 1 ? "abc" : undefined);
    assert.equal(
      textOf(text, { certificates: false, digestOf }),
      "FROM a AS b\nRUN x\nFROM b\nARG SLIPWAY_NETWORK=abc\nCOPY x y\nRUN y\n",
    );
    assert.match(textOf(text, { digestOf }), /\nARG SLIPWAY_NETWORK=abc SSL_CERT_FILE=\S+ /);
    assert.equal(textOf("FROM a\nCOPY x y\n", { certificates: false, digestOf: () => "abc" }), "FROM a\nCOPY x y\n");
  });

  for (const [what, line] of [
    ["ENV", "ENV A=${PIP_CERT:-/etc/x}"],
    ["LABEL", 'LABEL a="$PIP_CERT"'],
    ["WORKDIR", "WORKDIR /a/$PIP_CERT"],
    ["COPY", "COPY x ${PIP_CERT}"],
    ["a heredoc of COPY", "COPY <<E /a\n$PIP_CERT\nE"],
    ["the default of an ARG", "ARG A=${B:-$PIP_CERT}"],
    ["USER", "user ${PIP_CERT:+me}"],
  ] as const) {
    it(`leaves out what ${what} expands`, () => {
      const added = [...rewrite(`FROM a\nRUN x\n${line}\n`).added.values()].flat();
      assert.ok(!added.includes("PIP_CERT") && added.includes("SSL_CERT_FILE"), added.join());
    });
  }

  it("leaves out what a stage expands that inherits the ARG, and not what only RUN and the container do", () => {
    const { added } = rewrite("FROM a AS b\nRUN x\nFROM b AS c\nFROM c\nENV A=$PIP_CERT\n");
    assert.ok(![...added.values()].flat().includes("PIP_CERT"));
    const all = rewrite("FROM a\nRUN $PIP_CERT\nCMD $PIP_CERT\nENV PIP_CERT=/own\n").added;
    assert.ok([...all.values()].flat().includes("PIP_CERT"));
  });

  it("tells which stages it cannot reach", () => {
    const { unreached, content } = rewrite("FROM a AS b\nRU\\\nN x\nFROM b\nRUN y\n");
    assert.deepEqual(
      unreached.map(({ line }) => line),
      [1],
    );
    assert.match(Buffer.from(content).toString(), /FROM b\nARG /);
  });

  it("knows the way back to the user's lines", () => {
    const text = "FROM a AS b\nRUN x\n\nFROM b\nRUN y \\\n z\nRUN w\n";
    const { content, originalLine } = rewrite(text);
    const own = text.split("\n");
    for (const [index, line] of Buffer.from(content).toString().split("\n").entries()) {
      const original = own[originalLine(index + 1) - 1];
      assert.equal(
        line.startsWith("ARG") ? original?.slice(0, 4) : line.replace(`${MOUNT} `, ""),
        line.startsWith("ARG") ? "FROM" : original,
      );
    }
  });
});
