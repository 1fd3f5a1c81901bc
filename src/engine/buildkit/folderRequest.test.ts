import assert from "node:assert/strict";
import { Metadata } from "@grpc/grpc-js";
import { parseFolderRequest } from "./folderRequest";

describe("parseFolderRequest", () => {
  const parse = (headers: Readonly<Record<string, string>>): ReturnType<typeof parseFolderRequest> =>
    parseFolderRequest(Metadata.fromHttp2Headers(headers));

  it("takes apart what HTTP has joined", () => {
    assert.deepEqual(
      parse({
        "dir-name": "context",
        followpaths: "a, b/c,d",
        "include-patterns": "*",
        "exclude-patterns": "x, !x/y",
      }),
      { name: "context", followPaths: ["a", "b/c,d"], includePatterns: ["*"], excludePatterns: ["x", "!x/y"] },
    );
  });

  it("wants everything of a folder that is asked for without more", () => {
    assert.deepEqual(parse({ "dir-name": "context" }), {
      name: "context",
      followPaths: [],
      includePatterns: [],
      excludePatterns: [],
    });
    assert.equal(parse({}).name, "");
  });

  it("decodes what is not ASCII, and then knows a comma from a separator", () => {
    const headers = {
      followpaths: "gr%C3%B6%C3%9Fe%2C+1, b%2Bc",
      "followpaths-encoded": "1",
      "include-patterns": "%41",
    };
    assert.deepEqual(parse(headers).followPaths, ["größe, 1", "b+c"]);
    assert.deepEqual(parse(headers).includePatterns, ["%41"]);
  });
});
