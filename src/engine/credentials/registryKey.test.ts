import assert from "node:assert/strict";
import fc from "fast-check";
import { isKeyFor, registryKey } from "./registryKey";

const isFor = (key: string, registry: string, repository?: string): boolean => {
  const parsed = registryKey(key);
  return parsed !== undefined && isKeyFor(parsed, registry, repository);
};

describe("a key in a file with logins", () => {
  for (const key of [
    "https://index.docker.io/v1/",
    "https://index.docker.io/v1",
    "index.docker.io",
    "docker.io",
    "registry-1.docker.io",
    "https://registry-1.docker.io/v2/",
  ]) {
    it(`takes ${key} for Docker Hub`, () => {
      assert.ok(isFor(key, "docker.io", "library/busybox"));
      assert.ok(!isFor(key, "docker.io.evil.org"));
    });
  }

  it("knows no login in the tokens that Docker Desktop keeps beside it", () => {
    assert.equal(registryKey("https://index.docker.io/v1/access-token"), undefined);
    assert.equal(registryKey("https://index.docker.io/v1/refresh-token"), undefined);
  });

  for (const key of [
    "registry.example.com",
    "https://registry.example.com",
    "http://registry.example.com/",
    "https://registry.example.com/v1/",
    "HTTPS://Registry.Example.COM/v2/",
    "  registry.example.com ",
  ]) {
    it(`takes ${JSON.stringify(key)} for this very registry`, () => {
      assert.ok(isFor(key, "registry.example.com", "team/app"));
      assert.ok(isFor(key, "Registry.example.com"));
      for (const other of [
        "registry.example.com.evil.org",
        "registry.example.com:443",
        "registry.example.com:80",
        "evil-registry.example.com",
        "sub.registry.example.com",
        "example.com",
        "registry.example.co",
        "registry-example.com",
        "docker.io",
        "",
      ]) {
        assert.ok(!isFor(key, other, "team/app"), other);
      }
    });
  }

  it("tells ports apart, as docker does", () => {
    assert.ok(isFor("registry.example.com:443", "registry.example.com:443"));
    assert.ok(!isFor("registry.example.com:443", "registry.example.com"));
    assert.ok(!isFor("localhost:5000", "localhost:50000"));
    assert.ok(!isFor("[::1]:5000", "[::1]:5001"));
    assert.ok(isFor("[::1]:5000", "[::1]:5000"));
  });

  it("takes no other host for one, whatever stands before an @ or behind a #", () => {
    for (const key of [
      "registry.example.com@evil.org",
      "https://a:b@registry.example.com",
      "evil.org#.example.com",
      "",
    ]) {
      assert.equal(registryKey(key), undefined, key);
    }
  });

  it("is for whole parts of a repository's name only", () => {
    assert.ok(isFor("quay.io/team", "quay.io", "team/app"));
    assert.ok(isFor("quay.io/team/app", "quay.io", "team/app"));
    assert.ok(!isFor("quay.io/team", "quay.io", "teams/app"));
    assert.ok(!isFor("quay.io/team/app", "quay.io", "team/app2"));
    assert.ok(!isFor("quay.io/team", "quay.io"));
    assert.ok(!isFor("quay.io/team", "quay.io.evil.org", "team/app"));
  });

  it("is never for a registry with another name", () => {
    fc.assert(
      fc.property(fc.domain(), fc.domain(), fc.constantFrom("", "https://", "http://"), (one, other, scheme) => {
        fc.pre(one.toLowerCase() !== other.toLowerCase());
        return !isFor(`${scheme}${one}`, other) && !isFor(`${scheme}${one}`, `${one}.${other}`);
      }),
    );
  });
});
