import assert from "node:assert/strict";
import { inputWarnings } from "./inputWarnings";

describe("inputWarnings", () => {
  const on = (tag: string | undefined, reference: string): readonly string[] =>
    inputWarnings(
      { tag },
      {
        unusedArguments: [],
        baseImages: [{ reference, known: true, line: 3, platform: undefined }],
        dockerfileName: "Dockerfile",
      },
    );

  it("names arguments that have no effect", () => {
    const inputs = { unusedArguments: ["A", "B"], baseImages: [], dockerfileName: "Dockerfile" };
    const warnings = inputWarnings({}, inputs);
    assert.equal(warnings.length, 2);
    assert.match(warnings[1] ?? "", /argument B has no effect/);
  });

  for (const [tag, reference] of [
    ["app", "app"],
    ["app:dev", "app:dev"],
    ["app", "docker.io/library/app:latest"],
    ["docker.io/app", "app:latest"],
    ["index.docker.io/team/app:1", "team/app:1"],
    ["localhost:5000/app", "localhost:5000/app:latest"],
  ] as const) {
    it(`tells of a name that is the image's own base: ${tag}, FROM ${reference}`, () => {
      assert.match(
        on(tag, reference)[0] ?? "",
        /\(Dockerfile:3\): it is stale as soon as it is built\. Choose another name/,
      );
    });
  }

  for (const [tag, reference] of [
    [undefined, "app"],
    ["app:dev", "app"],
    ["team/app", "app"],
    ["localhost/app", "app"],
    ["localhost:5000/app", "app"],
  ] as const) {
    it(`has nothing against ${String(tag)}, FROM ${reference}`, () => {
      assert.deepEqual(on(tag, reference), []);
    });
  }
});
