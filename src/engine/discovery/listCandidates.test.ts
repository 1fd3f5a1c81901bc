import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { EndpointEnvironment } from "./EndpointEnvironment";
import { listCandidates } from "./listCandidates";

const machine = (
  more: Partial<EndpointEnvironment> = {},
  files: Readonly<Record<string, string>> = {},
): EndpointEnvironment => ({
  platform: "linux",
  env: {},
  homeFolder: "/home/ada",
  userId: 1000,
  readFile: (path) => files[path],
  ...more,
});
const addresses = (...args: Parameters<typeof listCandidates>): readonly string[] =>
  listCandidates(...args).map(({ address }) => address);

const metaOf = (name: string, folder = "/home/ada/.docker"): string =>
  `${folder}/contexts/meta/${createHash("sha256").update(name).digest("hex")}/meta.json`;
const context = (host: string): string =>
  JSON.stringify({ Name: "x", Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } });

describe("listCandidates", () => {
  it("looks at Docker's and Podman's sockets of the system and of the user on Linux", () => {
    const found = addresses(machine());
    assert.equal(found[0], "unix:///var/run/docker.sock");
    for (const socket of [
      "/run/user/1000/docker.sock",
      "/run/user/1000/podman/podman.sock",
      "/run/podman/podman.sock",
      "/home/ada/.docker/desktop/docker.sock",
    ]) {
      assert.ok(found.includes(`unix://${socket}`), socket);
    }
  });

  it("looks where the session says that the user's sockets are", () => {
    const found = addresses(machine({ env: { XDG_RUNTIME_DIR: "/tmp/run" } }));
    assert.ok(found.includes("unix:///tmp/run/podman/podman.sock") && found.includes("unix:///tmp/run/docker.sock"));
    assert.ok(!found.some((address) => address.includes("/run/user/")));
  });

  it("looks at root's own sockets as root", () => {
    const found = addresses(machine({ userId: 0, homeFolder: "/root" }));
    assert.ok(
      found.includes("unix:///run/podman/podman.sock") && found.includes("unix:///run/user/0/podman/podman.sock"),
    );
  });

  it("looks at the sockets of the desktop products on macOS", () => {
    const found = addresses(machine({ platform: "darwin", homeFolder: "/Users/ada", userId: 501 }));
    for (const socket of [
      ".docker/run/docker.sock",
      ".colima/default/docker.sock",
      ".orbstack/run/docker.sock",
      ".rd/docker.sock",
      ".local/share/containers/podman/machine/podman.sock",
    ]) {
      assert.ok(found.includes(`unix:///Users/ada/${socket}`), socket);
    }
  });

  it("looks at pipes on Windows", () => {
    const found = addresses(machine({ platform: "win32", homeFolder: "C:/Users/ada", userId: undefined }));
    assert.deepEqual(found, ["npipe:////./pipe/docker_engine", "npipe:////./pipe/podman-machine-default"]);
  });

  describe("looks only where it was told to", () => {
    it("by the caller, before everything else", () => {
      const env = { DOCKER_HOST: "unix:///d.sock", CONTAINER_HOST: "unix:///p.sock" };
      const explicit = { address: "tcp://localhost:1", source: "--engine" };
      assert.deepEqual(listCandidates(machine({ env }), explicit), [explicit]);
    });

    it("by DOCKER_HOST and CONTAINER_HOST", () => {
      assert.deepEqual(listCandidates(machine({ env: { CONTAINER_HOST: " unix:///p.sock " } })), [
        { address: "unix:///p.sock", source: "CONTAINER_HOST" },
      ]);
      assert.deepEqual(
        addresses(machine({ env: { CONTAINER_HOST: "unix:///p.sock", DOCKER_HOST: "unix:///d.sock" } })),
        ["unix:///d.sock", "unix:///p.sock"],
      );
    });

    it("even if that is no address: guessing another engine would be a surprise", () => {
      assert.deepEqual(addresses(machine({ env: { DOCKER_HOST: "nonsense" } })), ["nonsense"]);
    });
  });

  it("takes empty variables as none", () => {
    const env = { DOCKER_HOST: "", CONTAINER_HOST: "  ", XDG_RUNTIME_DIR: "", DOCKER_CONFIG: "", DOCKER_CONTEXT: "" };
    assert.deepEqual(addresses(machine({ env })), addresses(machine()));
  });

  describe("looks where docker's current context says", () => {
    const files = {
      "/home/ada/.docker/config.json": '{"currentContext":"lima","auths":{}}',
      [metaOf("lima")]: context("unix:///lima.sock"),
    };

    it("and nowhere else: another engine would be a surprise", () => {
      assert.deepEqual(listCandidates(machine({}, files)), [
        { address: "unix:///lima.sock", source: 'the docker context "lima"' },
      ]);
    });

    it("or DOCKER_CONTEXT, before the configuration", () => {
      const more = { ...files, [metaOf("other")]: context("tcp://localhost:5") };
      assert.equal(addresses(machine({ env: { DOCKER_CONTEXT: "other" } }, more))[0], "tcp://localhost:5");
    });

    it("also when DOCKER_CONTEXT is empty", () => {
      assert.equal(addresses(machine({ env: { DOCKER_CONTEXT: "" } }, files))[0], "unix:///lima.sock");
    });

    it("or in the folder of DOCKER_CONFIG", () => {
      const moved = {
        "/cfg/config.json": '{"currentContext":"lima"}',
        [metaOf("lima", "/cfg")]: context("unix:///moved.sock"),
      };
      assert.equal(
        addresses(machine({ env: { DOCKER_CONFIG: "/cfg" } }, { ...files, ...moved }))[0],
        "unix:///moved.sock",
      );
    });

    it("unless that is the default one", () => {
      assert.deepEqual(addresses(machine({ env: { DOCKER_CONTEXT: "default" } }, files)), addresses(machine()));
      assert.deepEqual(addresses(machine({}, { "/home/ada/.docker/config.json": "{}" })), addresses(machine()));
    });

    it("once, when it says a default socket", () => {
      const same = { ...files, [metaOf("lima")]: context("unix:///var/run/docker.sock") };
      assert.equal(
        addresses(machine({}, same)).filter((address) => address === "unix:///var/run/docker.sock").length,
        1,
      );
    });

    it("but not before DOCKER_HOST", () => {
      assert.deepEqual(addresses(machine({ env: { DOCKER_HOST: "unix:///d.sock" } }, files)), ["unix:///d.sock"]);
    });

    for (const [what, damaged] of [
      ["a configuration that is cut off", { "/home/ada/.docker/config.json": '{"currentContext":"li' }],
      ["a configuration that is empty", { "/home/ada/.docker/config.json": "" }],
      ["a configuration that is a list", { "/home/ada/.docker/config.json": "[]" }],
      ["a context's name that is no text", { "/home/ada/.docker/config.json": '{"currentContext":5}' }],
      ["a context that is not there", { "/home/ada/.docker/config.json": '{"currentContext":"gone"}' }],
      ["a context that is cut off", { ...files, [metaOf("lima")]: context("unix:///lima.sock").slice(0, -5) }],
      ["a context without an endpoint for docker", { ...files, [metaOf("lima")]: '{"Endpoints":{"kubernetes":{}}}' }],
      ["a context without a host", { ...files, [metaOf("lima")]: '{"Endpoints":{"docker":{}}}' }],
    ] as const) {
      it(`and passes over ${what}`, () => {
        assert.deepEqual(addresses(machine({}, damaged)), addresses(machine()));
      });
    }
  });
});
