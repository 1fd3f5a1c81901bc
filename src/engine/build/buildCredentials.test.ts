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
  const images = (
    dockerfile: string,
    args: Readonly<Record<string, string>> = {},
    target?: string,
  ): readonly NamedImage[] =>
    namedImages({
      context: { root: "/", entries: [], dockerfile: { pathInContext: undefined, content: Buffer.from(dockerfile) } },
      tags: [],
      labels: {},
      args,
      target,
    });
  const registries = async (...how: Parameters<typeof images>): Promise<unknown> => {
    const header = (await registryConfig(credentials, images(...how), {}))["X-Registry-Config"];
    return header === undefined ? undefined : JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
  };

  it("are looked up for the images that the target's stages name, and for no others", async () => {
    const dockerfile =
      "FROM quay.io/a AS a\nFROM ghcr.io/b AS b\nCOPY --from=r.example/c:1 / /\nRUN --mount=from=m.example/d true\n" +
      "FROM never.example/e\n";
    known["quay.io"] = known["never.example"] = login("me");
    known["r.example"] = login("r");
    assert.deepEqual(await registries(dockerfile, {}, "b"), {
      "r.example": { username: "r", password: "secret", serveraddress: "r.example" },
    });
    assert.deepEqual(asked, ["ghcr.io/b", "r.example/c", "m.example/d"]);
  });

  it("know the registry of a name whose end only the builder knows", async () => {
    known["quay.io"] = login("me");
    const found = await registries("ARG T\nFROM quay.io/a:$TARGETARCH\n");
    assert.deepEqual(Object.keys(found as object), ["quay.io"]);
    assert.deepEqual(images("FROM $TARGETARCH\n"), []);
    assert.deepEqual(images("FROM ${TARGETARCH}.example/a\n"), []);
  });

  it("are for the frontend, too", () => {
    const names = images("# syntax=quay.io/front:1\nFROM busybox\n").map(({ reference }) => reference);
    assert.deepEqual(names, ["quay.io/front:1", "busybox"]);
  });

  it("are one for a registry, or one for each repository where they differ", async () => {
    known["quay.io/team/a"] = login("a");
    known["quay.io/team/b"] = login("b");
    assert.deepEqual(
      Object.keys((await registries("FROM quay.io/team/a\nCOPY --from=quay.io/team/b / /\n")) as object),
      ["quay.io/team/a", "quay.io/team/b"],
    );
  });

  it("are none for a Dockerfile that the builder refuses", () => {
    assert.deepEqual(images("FRM busybox\n"), []);
    assert.deepEqual(images("FROM busybox\n", {}, "nowhere"), []);
  });

  it("of a repository stand for its registry where the builder asks for that", async () => {
    const whole = wholeRegistries(credentials, images("FROM quay.io/team/a\n"));
    assert.equal(await whole.find({ registry: "quay.io" }), undefined);
    known["quay.io/team/a"] = login("a");
    assert.deepEqual(await whole.find({ registry: "quay.io" }), login("a"));
    assert.equal(await whole.find({ registry: "ghcr.io" }), undefined);
    assert.deepEqual(asked.slice(-1), ["ghcr.io"]);
  });
});
