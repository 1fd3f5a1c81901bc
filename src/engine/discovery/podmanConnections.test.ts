import assert from "node:assert/strict";
import fc from "fast-check";
import { fakeEnvironment as machine } from "./fakeEnvironment";
import { chosenConnection, listConnections } from "./podmanConnections";

const USER = "/home/ada/.config/containers/containers.conf";
const JSON_FILE = "/home/ada/.config/containers/podman-connections.json";
const conf = (...lines: readonly string[]): string => ["[engine]", ...lines, ""].join("\n");
const destination = (name: string, uri: string, ...more: readonly string[]): string =>
  [`[engine.service_destinations.${name}]`, `uri = "${uri}"`, ...more].join("\n");
const addresses = (...args: Parameters<typeof machine>): readonly string[] =>
  listConnections(machine(...args)).map(({ address }) => address);

describe("listConnections", () => {
  it("reads what Podman 4 has written, with its keys, and without its machines", () => {
    // As `podman system connection add` of Podman 4.3 writes it.
    const text = `[containers]
[engine]
  active_service = "prod"
  [engine.service_destinations]
    [engine.service_destinations.dev]
      uri = "ssh://core@dev:22/run/user/1000/podman/podman.sock"
      identity = "/home/ada/.ssh/dev"
    [engine.service_destinations."my box"]
      uri = "unix:///p.sock" # a comment
    [engine.service_destinations.podman-machine-default]
      uri = "ssh://core@127.0.0.1:4/p.sock"
      is_machine = true
    [engine.service_destinations.prod]
      uri = "ssh://root@prod/p.sock"
`;
    const environment = machine({}, { [USER]: text });
    // The active one comes first.
    assert.deepEqual(
      listConnections(environment).map(({ choice, address }) => [choice, address]),
      [
        ["connection:prod", "ssh://root@prod/p.sock"],
        ["connection:dev", "ssh://core@dev:22/run/user/1000/podman/podman.sock"],
        ["connection:my box", "unix:///p.sock"],
      ],
    );
    const { target } = chosenConnection(environment, "dev");
    assert.ok(target.kind === "address" && target.address.kind === "ssh");
    assert.equal(target.address.identityFile, "/home/ada/.ssh/dev");
  });

  it("merges the files in the order in which Podman reads them", () => {
    const files = {
      "/usr/share/containers/containers.conf": conf(destination("a", "unix:///1"), destination("b", "unix:///1")),
      "/etc/containers/containers.conf": conf(destination("b", "unix:///2"), destination("c", "unix:///2")),
      "/etc/containers/containers.conf.d/x.conf": conf(destination("c", "unix:///3"), destination("d", "unix:///3")),
      "/etc/containers/containers.conf.d/x.txt": conf(destination("z", "unix:///z")),
      [USER]: conf(destination("d", "unix:///4"), destination("e", "unix:///4")),
      [`${USER}.d/y.conf`]: conf(destination("e", "unix:///5"), destination("f", "unix:///5")),
      [JSON_FILE]: JSON.stringify({ Connection: { Connections: { f: { URI: "unix:///6" } } } }),
    };
    assert.deepEqual(
      addresses({}, files),
      [1, 2, 3, 4, 5, 6].map((number) => `unix:///${String(number)}`),
    );
  });

  it("reads the file of CONTAINERS_CONF in the place of all others", () => {
    const files = { [USER]: conf(destination("a", "unix:///a")), "/c": conf(destination("c", "unix:///c")) };
    assert.deepEqual(addresses({ env: { CONTAINERS_CONF: "/c" } }, files), ["unix:///c"]);
    const env = { CONTAINERS_CONF_OVERRIDE: "/c" };
    assert.deepEqual(addresses({ env }, files), ["unix:///a", "unix:///c"]);
  });

  it("begins with the default one, which the newer file says first", () => {
    const connections = { a: { URI: "unix:///a" }, b: { URI: "unix:///b" } };
    const files = { [USER]: conf('active_service = "c"', destination("c", "unix:///c")) };
    const newer = (Default?: string) => ({
      [JSON_FILE]: JSON.stringify({ Connection: { Default, Connections: connections } }),
    });
    assert.deepEqual(addresses({}, { ...files, ...newer() }), ["unix:///c", "unix:///a", "unix:///b"]);
    assert.deepEqual(addresses({}, { ...files, ...newer("b") }), ["unix:///b", "unix:///a", "unix:///c"]);
  });

  for (const [what, text] of [
    ["is cut off", '[engine.service_destinations.a]\nuri = "unix'],
    ["is no TOML", "{}"],
    ["has a list for its destinations", "[engine]\nservice_destinations = [1]"],
    ["has a number for its table", "engine = 5"],
    ["says something else twice", "[engine]\na = 1\na = 2"],
    ["has a destination without an address", conf("[engine.service_destinations.a]", "identity = '/k'")],
    ["has a destination with a number for its address", conf("[engine.service_destinations.a]", "uri = 5")],
  ] as const) {
    it(`goes on without a file that ${what}`, () => {
      const other = { "/etc/containers/containers.conf": conf(destination("b", "unix:///b")) };
      assert.deepEqual(addresses({}, { ...other, [USER]: text }), ["unix:///b"]);
    });
  }

  it("takes an active_service that is no text for none", () => {
    assert.deepEqual(addresses({}, { [USER]: conf("active_service = 5", destination("b", "unix:///b")) }), [
      "unix:///b",
    ]);
  });

  it("never throws, whatever the file", () => {
    const piece = fc.constantFrom(
      "[engine",
      "]",
      ".service_destinations",
      ".__proto__",
      "\n",
      "uri",
      "=",
      '"x"',
      "{",
      "}",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(text, (value) => {
        assert.ok(Array.isArray(listConnections(machine({}, { [USER]: value }))));
      }),
    );
  });
});
