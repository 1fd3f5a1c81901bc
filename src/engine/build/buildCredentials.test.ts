import assert from "node:assert/strict";
import type { RegistryCredentials, RegistryLogin } from "../credentials/RegistryCredentials";
import { registryConfig, wholeRegistries } from "./buildCredentials";
import { namedImages, type NamedImage } from "./namedImages";

const login = (username: string): RegistryLogin => ({ kind: "password", username, password: "secret" });

describe("the logins for a build", () => {
  let asked: string[];
  let known: Record<string, RegistryLogin>;

  beforeEach(() => {
    asked = [];
    known = {};
  });

  const credentials: RegistryCredentials = {
    find: async ({ registry, repository }) => {
      const key = repository === undefined ? registry : `${registry}/${repository}`;
      asked.push(key);
      return Promise.resolve(known[key] ?? known[registry]);
    },
  };
  const images = (...references: readonly string[]): readonly NamedImage[] =>
    namedImages(references.map((reference) => ({ reference, known: !reference.includes("$") })));
  const registries = async (...references: readonly string[]): Promise<unknown> => {
    const header = (await registryConfig(credentials, images(...references), {}))["X-Registry-Config"];
    return header === undefined ? undefined : JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
  };

  it("are looked up for the build's images, and for no others", async () => {
    known["r.example"] = known["never.example"] = login("r");
    assert.deepEqual(await registries("ghcr.io/b", "r.example/c:1", "m.example/d"), {
      "r.example": { username: "r", password: "secret", serveraddress: "r.example" },
    });
    assert.deepEqual(asked, ["ghcr.io/b", "r.example/c", "m.example/d"]);
  });

  it("know the registry of a name whose end only the builder knows", async () => {
    known["quay.io"] = login("me");
    const found = await registries("quay.io/a:$TARGETARCH");
    assert.deepEqual(Object.keys(found as object), ["quay.io"]);
    assert.deepEqual(images("$TARGETARCH"), []);
    assert.deepEqual(images("${TARGETARCH}.example/a"), []);
  });

  it("are one for a registry, or one for each repository where they differ", async () => {
    known["quay.io/team/a"] = login("a");
    known["quay.io/team/b"] = login("b");
    assert.deepEqual(Object.keys((await registries("quay.io/team/a", "quay.io/team/b")) as object), [
      "quay.io/team/a",
      "quay.io/team/b",
    ]);
  });

  it("of a repository stand for its registry where the builder asks for that", async () => {
    const whole = wholeRegistries(credentials, images("quay.io/team/a"));
    assert.equal(await whole.find({ registry: "quay.io" }), undefined);
    known["quay.io/team/a"] = login("a");
    assert.deepEqual(await whole.find({ registry: "quay.io" }), login("a"));
  });

  it("are none for a registry that the build names no image of, whatever the builder asks for", async () => {
    known["ghcr.io"] = login("me");
    const whole = wholeRegistries(credentials, images("quay.io/team/a"));
    assert.equal(await whole.find({ registry: "ghcr.io" }), undefined);
    assert.deepEqual(asked, []);
  });
});
