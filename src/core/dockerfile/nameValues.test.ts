import assert from "node:assert/strict";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { declaredArgs, nameValues } from "./nameValues";

const env = (args: string): unknown => nameValues({ keyword: "ENV", args, startLine: 3 }, "\\");

describe("nameValues", () => {
  it("reads several settings, quotes and escapes kept", () => {
    assert.deepEqual(env(`a=1 b="x y" c=x\\ y d= e='\\' f=g=h`), [
      { name: "a", value: "1", separator: "=" },
      { name: "b", value: '"x y"', separator: "=" },
      { name: "c", value: "x\\ y", separator: "=" },
      { name: "d", value: "", separator: "=" },
      { name: "e", value: "'\\'", separator: "=" },
      { name: "f", value: "g=h", separator: "=" },
    ]);
  });

  it("reads the old form", () => {
    assert.deepEqual(env("a  b=c  d"), [{ name: "a", value: "b=c  d", separator: "" }]);
  });

  it("refuses a name alone", () => {
    assert.throws(
      () => env("a"),
      (error) => error instanceof DockerfileSyntaxError && error.line === 3,
    );
    assert.throws(() => env("a=1 b"), DockerfileSyntaxError);
  });

  it("refuses a value without a name", () => {
    assert.throws(() => env("=1"), DockerfileSyntaxError);
  });
});

describe("declaredArgs", () => {
  it("tells an empty default from none", () => {
    assert.deepEqual(declaredArgs({ keyword: "ARG", args: "a b= c=d", startLine: 1 }, "\\"), [
      { name: "a", separator: "=" },
      { name: "b", value: "", separator: "=" },
      { name: "c", value: "d", separator: "=" },
    ]);
  });
});
