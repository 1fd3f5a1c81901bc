import assert from "node:assert/strict";
import { EngineLostError, EngineRequestError, NoSpaceError } from "../errors/engineErrors";
import { ImageBuildError, ImageNotFoundError, RegistryAuthError } from "../errors/imageErrors";
import { redactError } from "./redactError";
import { Redactor } from "./Redactor";

const redactor = new Redactor([{ text: "s3cret", shown: "***" }]);
const failure = { step: "RUN s3cret", exitCode: 1, output: "cret\ns3cret", detail: "s3cret" };

describe("redactError", () => {
  for (const error of [
    new ImageBuildError({ ...failure, dockerfile: "Dockerfile", line: 3 }),
    new RegistryAuthError("a/b", "a", "s3cret", { dockerfile: "Dockerfile", line: 3 }),
    new ImageNotFoundError("a/b", "s3cret", { dockerfile: "Dockerfile", line: 3 }),
    new NoSpaceError("unix:///x", "building (Dockerfile:3)", "s3cret"),
    new EngineRequestError(500, "building (Dockerfile:3)", "s3cret"),
  ]) {
    it(`takes secrets out of ${error.name}, and nothing else`, () => {
      const redacted = redactError(error, redactor);
      assert.ok(redacted instanceof Error);
      assert.equal(redacted.constructor, error.constructor);
      assert.doesNotMatch(JSON.stringify([redacted.message, redacted.stack, Object.entries(redacted)]), /cret/);
      assert.match(redacted.message, /Dockerfile:3/);
    });
  }

  it("leaves what has none as it is", () => {
    for (const error of [
      new ImageBuildError({ ...failure, step: "x", output: "", detail: "x" }),
      new EngineLostError("a", "b"),
    ]) {
      assert.equal(redactError(error, redactor), error);
    }
    assert.equal(redactError("text", redactor), "text");
  });
});
