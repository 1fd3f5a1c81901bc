import assert from "node:assert/strict";
import type { BuildInput } from "./BuildInput";
import { formatInput } from "./formatInput";

describe("formatInput", () => {
  const sha256 = "0123456789abcdef".repeat(4);
  for (const [input, expected] of [
    [{ kind: "dockerfile", path: "Dockerfile", sha256 }, "dockerfile Dockerfile 0123456789ab"],
    [{ kind: "target", value: "dev" }, "target dev"],
    [{ kind: "platform", value: "linux/amd64" }, "platform linux/amd64"],
    [{ kind: "arg", name: "A", value: "b=c" }, "arg A=b=c"],
    [{ kind: "option", name: "label a", value: "b" }, "option label a=b"],
    [{ kind: "option", name: "secret npm", value: "" }, "option secret npm"],
    [{ kind: "remote", url: "https://example.com/a" }, "remote https://example.com/a (not looked at)"],
    [{ kind: "base-image", reference: "node:20", imageId: `sha256:${sha256}` }, "base-image node:20 0123456789ab"],
    [{ kind: "base-image", reference: "node:20", imageId: null }, "base-image node:20 (not here yet)"],
    [{ kind: "file", path: "a b", mode: 0o644, size: 3, sha256 }, "file 644 a b 0123456789ab"],
    [{ kind: "file", path: "a", mode: 0o4, size: 3, sha256 }, "file 004 a 0123456789ab"],
    [{ kind: "directory", path: "d", mode: 0o755 }, "directory 755 d"],
    [{ kind: "fifo", path: "f", mode: 0 }, "fifo 000 f"],
    [{ kind: "fifo", path: "a\nfile\u001b[2J", mode: 0 }, "fifo 000 a\\x0afile\\x1b[2J"],
    [{ kind: "symlink", path: "l", target: "../x" }, "symlink l -> ../x"],
  ] as readonly (readonly [BuildInput, string])[]) {
    it(`writes "${expected}"`, () => {
      assert.equal(formatInput(input), expected);
    });
  }
});
