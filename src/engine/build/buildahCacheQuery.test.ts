import assert from "node:assert/strict";
import { BuildOptionError } from "../../core/errors/imageErrors";
import { buildahCacheQuery } from "./buildahCacheQuery";

describe("buildahCacheQuery", () => {
  const warnings: string[] = [];
  const ask = (
    version: string,
    cacheFrom?: readonly string[],
    cacheTo?: readonly string[],
  ): ReturnType<typeof buildahCacheQuery> =>
    buildahCacheQuery({ version, cacheFrom, cacheTo }, (message) => warnings.push(message));

  beforeEach(() => {
    warnings.length = 0;
  });

  it("asks for nothing where nothing is wanted", () => {
    assert.deepEqual(ask("5.8.6"), { query: { cachefrom: undefined, cacheto: undefined }, repositories: [] });
  });

  it("gives newer Podmans lists of repositories, without tags and digests, each once", () => {
    const { query, repositories } = ask(
      "4.4.0",
      ["r.example:5000/a:1", "r.example:5000/a:2", `b@sha256:${"0".repeat(64)}`, "type=registry,ref=c:latest"],
      ["r.example:5000/a:cache"],
    );
    assert.deepEqual(query, { cachefrom: '["r.example:5000/a","b","c"]', cacheto: '["r.example:5000/a"]' });
    assert.deepEqual(repositories, ["r.example:5000/a", "b", "c"]);
    assert.deepEqual(warnings, []);
  });

  it("gives Podman 4.3 the first, and says so of the others", () => {
    assert.deepEqual(ask("4.3.1", ["a:1", "b:1"], ["c"]).query, { cachefrom: "a", cacheto: "c" });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /build\.cacheFrom.*only a is used/);
  });

  it("refuses what is no repository, by the option's name", () => {
    for (const entry of ["inline", "type=inline", "type=local,dest=/tmp/x", "type=gha", "a b", ""]) {
      assert.throws(
        () => ask("5.8.6", [], [entry]),
        (error) => error instanceof BuildOptionError && error.option === "build.cacheTo" && error.builder === "Podman",
        entry,
      );
    }
    assert.throws(
      () => ask("5.8.6", ["type=local,src=/tmp/x"]),
      (error) => error instanceof BuildOptionError && error.option === "build.cacheFrom",
    );
  });
});
