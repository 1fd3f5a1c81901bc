import assert from "node:assert/strict";
import { isMissingImage } from "./isMissingImage";

const REG = "127.0.0.1:5000";
const PODMAN = `initializing source docker://${REG}/team/base:none: reading manifest none in ${REG}/team/base`;

describe("isMissingImage", () => {
  for (const [who, status, detail] of [
    ["Docker 20.10", 500, "manifest unknown"],
    ["Docker 28.5 and Podman 5.8", 404, "manifest unknown"],
    ["Podman 4.3", 200, `${PODMAN}: manifest unknown`],
    [
      "Docker 20.10, of the registry's own words",
      500,
      `manifest for ${REG}/a:1 not found: manifest unknown: no such tag`,
    ],
    ["a registry without the repository", 200, `${PODMAN}: name unknown: repository name not known to registry`],
    [
      "Docker Hub",
      500,
      "pull access denied for nobody/nothing, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    ["Docker Hub, by Podman 4.3", 200, `${PODMAN}: requested access to the resource is denied`],
    ["another platform", 500, "no matching manifest for linux/s390x in the manifest list entries"],
    ["a push of what is not there", 200, "An image does not exist locally with the tag: a"],
    ["any engine that says it by the status", 404, "whatever"],
  ] as const) {
    it(`hears that there is none: ${who}`, () => {
      assert.ok(isMissingImage(status, detail));
    });
  }

  for (const [who, status, detail] of [
    ["a full disk", 500, "write /var/lib/docker/tmp/GetImageBlob1: no space left on device"],
    ["no registry", 500, `Get "http://${REG}/v2/": dial tcp ${REG}: connect: connection refused`],
    ["no registry, by Podman 4.3", 200, `${PODMAN}: pinging container registry ${REG}: connection refused`],
    ["a registry that is down", 500, "received unexpected HTTP status: 503 Service Unavailable"],
    ["a wrong request", 400, "manifest unknown"],
  ] as const) {
    it(`hears something else: ${who}`, () => {
      assert.ok(!isMissingImage(status, detail));
    });
  }
});
