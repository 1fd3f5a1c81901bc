import assert from "node:assert/strict";
import { listStages } from "../dockerfile/listStages";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import { reachableStages } from "../dockerfile/reachableStages";
import { dockerfileDigest } from "./dockerfileDigest";

const digest = (text: string | Buffer, target?: string): string => {
  const syntax = parseDockerfile(text.toString());
  const stages = listStages(syntax, {});
  return dockerfileDigest({
    content: Buffer.from(text),
    syntax,
    stages,
    built: reachableStages(stages, target),
    args: {},
  });
};

const BASE = [
  "ARG VERSION=1",
  "FROM busybox AS tools",
  "RUN make tools",
  "FROM busybox AS docs",
  "RUN make docs",
  "FROM busybox AS app",
  "COPY --from=tools /bin/x /bin/x",
  "RUN <<EOF",
  "# part of the script",
  "make app",
  "EOF",
].join("\n");

describe("dockerfileDigest", () => {
  const same = (text: string, other: string, target = "app"): void => {
    assert.equal(digest(text, target), digest(other, target));
  };
  const differs = (text: string, other: string, target = "app"): void => {
    assert.notEqual(digest(text, target), digest(other, target));
  };

  it("is the same whatever stands between the instructions", () => {
    same(
      BASE,
      `# a comment\n${BASE.replace("FROM busybox AS app", "\n  # the app\n\nFROM busybox AS app")}\n\n# the end\n`,
    );
  });

  it("does not see a stage that the target does not need", () => {
    same(BASE, BASE.replace("make docs", "make more docs"));
    same(BASE, BASE.replace("FROM busybox AS docs\nRUN make docs\n", ""));
    differs(BASE, BASE.replace("make docs", "make more docs"), "docs");
  });

  for (const [what, from, to] of [
    ["an instruction of the target", "make app", "make the app"],
    ["an instruction of a stage that it needs", "make tools", "make the tools"],
    ["a comment in a heredoc", "# part of the script", "# another script"],
    ["a blank in an instruction", "RUN make tools", "RUN make  tools"],
    ["an argument before the first stage", "VERSION=1", "VERSION=2"],
    ["the image that a stage starts from", "FROM busybox AS app", "FROM alpine AS app"],
    ["the order of instructions", "RUN make tools\n", "RUN make tools\nRUN true\n"],
    ["a flag", "COPY --from=tools", "COPY --link --from=tools"],
  ] as const) {
    it(`sees ${what}`, () => {
      assert.ok(BASE.includes(from));
      differs(BASE, BASE.replace(from, to));
    });
  }

  it("sees the directives", () => {
    differs(BASE, `# syntax=docker/dockerfile:1\n${BASE}`);
    differs(`# syntax=docker/dockerfile:1\n${BASE}`, `# syntax=docker/dockerfile:1.7\n${BASE}`);
    differs(BASE, `# check=error=true\n${BASE}`);
    differs(BASE, `# escape=\`\n${BASE}`);
  });

  it("sees that a number leads to another stage of the same text", () => {
    const text = (number: number): string =>
      `FROM busybox\nRUN a\nFROM busybox AS x\nRUN a\nFROM x\nCOPY --from=0 /a /\nCOPY --from=${String(number)} /b /\n`;
    differs(text(0), text(1), "2");
    const named = (first: string, second: string): string =>
      `FROM busybox AS ${first}\nRUN a\nFROM busybox AS ${second}\nRUN b\nFROM one\nCOPY --from=two / /\n`;
    differs(named("one", "two"), named("two", "one"), "2");
  });

  it("tells bytes apart that are no characters", () => {
    const text = (byte: number): Buffer => Buffer.concat([Buffer.from("FROM busybox\nRUN echo "), Buffer.of(byte)]);
    assert.notEqual(digest(text(0xfe)), digest(text(0xff)));
  });

  it("takes every byte where another frontend reads the file", () => {
    const text = `# syntax=example/frontend:1\n${BASE}`;
    differs(text, `${text}\n# a comment`);
  });
});
