import assert from "node:assert/strict";
import { registryAuthHeader, registryConfigHeader } from "./registryHeaders";

const decode = (header: string | undefined): unknown => {
  assert.match(header ?? "", /^[A-Za-z0-9_-]+={0,2}$/);
  assert.equal((header ?? "").length % 4, 0, "engines want the padding");
  return JSON.parse(Buffer.from(header ?? "", "base64url").toString("utf8"));
};

describe("the headers with logins", () => {
  it("name the registry that a login is for", () => {
    const login = { kind: "password", username: "me", password: "ÿ?>" } as const;
    assert.deepEqual(decode(registryAuthHeader({ registry: "quay.io" }, login)["X-Registry-Auth"]), {
      username: "me",
      password: "ÿ?>",
      serveraddress: "quay.io",
    });
    assert.deepEqual(decode(registryAuthHeader({ registry: "docker.io" }, login)["X-Registry-Auth"]), {
      username: "me",
      password: "ÿ?>",
      serveraddress: "https://index.docker.io/v1/",
    });
  });

  it("say nothing of nobody, but are there for those engines that want them", () => {
    assert.deepEqual(decode(registryAuthHeader({ registry: "quay.io" }, undefined)["X-Registry-Auth"]), {});
    assert.deepEqual(registryConfigHeader([]), {});
  });

  it("hold a login for each registry, or for each repository", () => {
    const login = { kind: "identity-token", token: "t0k" } as const;
    const header = registryConfigHeader([
      { target: { registry: "quay.io" }, login },
      { target: { registry: "ghcr.io", repository: "team/app" }, login },
    ]);
    assert.deepEqual(decode(header["X-Registry-Config"]), {
      "quay.io": { identitytoken: "t0k", serveraddress: "quay.io" },
      "ghcr.io/team/app": { identitytoken: "t0k", serveraddress: "ghcr.io" },
    });
  });
});
