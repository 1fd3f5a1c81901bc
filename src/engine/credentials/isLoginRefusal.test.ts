import assert from "node:assert/strict";
import { isLoginRefusal } from "./isLoginRefusal";

const REG = "127.0.0.1:5000";

describe("isLoginRefusal", () => {
  for (const [who, status, detail] of [
    [
      "Docker 20.10, pull without a login",
      500,
      `Head "http://${REG}/v2/team/base/manifests/1": no basic auth credentials`,
    ],
    ["Docker 20.10, pull, wrong password", 500, "unauthorized: authentication required"],
    ["Docker 20.10 and 28.5, push without a login", 200, "no basic auth credentials"],
    ["Docker 20.10 and 28.5, push, wrong password", 200, "unauthorized: authentication required"],
    ["Docker 28.5, pull, wrong password", 401, "unauthorized: authentication required"],
    ["any engine that says it by the status", 401, "whatever"],
    [
      "Podman 4.3, pull",
      200,
      `initializing source docker://${REG}/team/base:1: reading manifest 1 in ${REG}/team/base: unauthorized: authentication required`,
    ],
    [
      "Podman 5.8, push",
      500,
      `trying to reuse blob sha256:06e1 at destination: checking whether a blob sha256:06e1 exists in ${REG}/team/base: authentication required`,
    ],
    [
      "BuildKit of Docker 20.10",
      200,
      `failed to solve with frontend dockerfile.v0: failed to create LLB definition: pulling from host ${REG} failed with status code [manifests 1]: 401 Unauthorized`,
    ],
    [
      "BuildKit of Docker 28.5",
      200,
      `${REG}/team/base:1: failed to resolve source metadata for ${REG}/team/base:1: unexpected status from HEAD request to http://${REG}/v2/team/base/manifests/1: 401 Unauthorized`,
    ],
    [
      "buildah of Podman 5.8",
      200,
      `creating build container: unable to copy from source docker://${REG}/a:1: initializing source docker://${REG}/a:1: reading manifest 1 in ${REG}/a: authentication required`,
    ],
    ["Docker 20.10 of a token server", 500, `Head "http://${REG}/v2/team/base/manifests/1": unauthorized`],
    [
      "BuildKit of Docker 20.10, of a token server",
      200,
      "failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to authorize: failed to fetch oauth token: unexpected status: 404 Not Found",
    ],
    [
      "BuildKit of Docker 28.5, of a token server",
      200,
      `${REG}/a:1: failed to resolve source metadata for ${REG}/a:1: failed to authorize: failed to fetch oauth token: unauthorized`,
    ],
    ["a push that is not allowed", 200, "denied: requested access to the resource is denied"],
    ["a token server", 500, "Get https://ghcr.io/v2/team/app/manifests/1: denied: denied"],
    ["Docker Hub, wrong password", 500, "unauthorized: incorrect username or password"],
  ] as const) {
    it(`hears that a login is wanted: ${who}`, () => {
      assert.ok(isLoginRefusal(status, detail));
    });
  }

  for (const [who, status, detail] of [
    [
      "Docker Hub, which says the same of what is not there",
      404,
      "pull access denied for nobody/nothing, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    [
      "the same from BuildKit",
      200,
      "nobody/nothing: failed to resolve source metadata for docker.io/nobody/nothing:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
    ],
    ["no such tag", 404, `manifest for ${REG}/team/base:none not found: manifest unknown: manifest unknown`],
    ["no registry", 500, `Get "http://${REG}/v2/": dial tcp ${REG}: connect: connection refused`],
    ["no permission on the disk", 500, "open /var/lib/x: permission denied"],
    ["a name that sounds like it", 404, `manifest for ${REG}/unauthorized/base:1 not found: manifest unknown`],
    [
      "a token server that cannot be reached",
      200,
      'failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token": dial tcp: lookup auth.docker.io: no such host',
    ],
    ["a server that is down", 500, "unexpected status from HEAD request to http://x/v2/: 503 Service Unavailable"],
  ] as const) {
    it(`hears something else: ${who}`, () => {
      assert.ok(!isLoginRefusal(status, detail));
    });
  }
});
