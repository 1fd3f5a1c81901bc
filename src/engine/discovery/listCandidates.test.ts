import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { EndpointCandidate } from "./EndpointCandidate";
import { fakeEnvironment as machine } from "./fakeEnvironment";
import { listAllCandidates, listCandidates } from "./listCandidates";

const addresses = (...args: Parameters<typeof listCandidates>): readonly string[] =>
  listCandidates(...args).map(({ address }) => address);
const all = (...args: Parameters<typeof listCandidates>): readonly string[] =>
  listAllCandidates(...args).map(({ address }) => address);
const shown = ({ address, source }: EndpointCandidate): readonly string[] => [address, source];
const only = (...args: Parameters<typeof listCandidates>): EndpointCandidate => {
  const [first, ...more] = listCandidates(...args);
  assert.ok(first !== undefined && more.length === 0, JSON.stringify([first, ...more]));
  return first;
};
/** Why a candidate is known to be of no use. */
const whyNot = ({ target }: EndpointCandidate): string => {
  assert.ok(target.kind === "unusable", JSON.stringify(target));
  return `${target.problem}: ${target.detail}`;
};

const withoutUndefined = (object: object): object => JSON.parse(JSON.stringify(object)) as object;

const idOf = (name: string): string => createHash("sha256").update(name).digest("hex");
const metaOf = (name: string, folder = "/home/ada/.docker"): string =>
  `${folder}/contexts/meta/${idOf(name)}/meta.json`;
const context = (host: string, name = "lima", more: object = { SkipTLSVerify: false }): string =>
  JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: { Host: host, ...more } } });

describe("listCandidates", () => {
  describe("where nothing was chosen, looks at", () => {
    const session = { TMPDIR: "/var/folders/x/T/", XDG_CONFIG_HOME: "" };
    for (const [platform, more, files, expected] of [
      [
        "linux",
        {},
        {},
        [
          "unix:///var/run/docker.sock",
          "unix:///run/user/1000/docker.sock",
          "unix:///home/ada/.docker/run/docker.sock",
          "unix:///home/ada/.docker/desktop/docker.sock",
          "unix:///home/ada/.colima/default/docker.sock",
          "unix:///home/ada/.rd/docker.sock",
          "unix:///run/user/1000/podman/podman.sock",
          "unix:///run/podman/podman.sock",
          "unix:///run/user/1000/podman/podman-machine-default-api.sock",
          "unix:///home/ada/.local/share/containers/podman/machine/podman.sock",
          "unix:///home/ada/.local/share/containers/podman/machine/podman-machine-default/podman.sock",
          "unix:///home/ada/.local/share/containers/podman/machine/qemu/podman.sock",
        ],
      ],
      [
        "darwin",
        { homeFolder: "/Users/ada", userId: 501, env: session },
        { "/var/folders/x/T/podman/other-api.sock": "", "/var/folders/x/T/podman/gvproxy.pid": "" },
        [
          "unix:///var/run/docker.sock",
          "unix:///Users/ada/.docker/run/docker.sock",
          "unix:///Users/ada/.orbstack/run/docker.sock",
          "unix:///Users/ada/.colima/default/docker.sock",
          "unix:///Users/ada/.rd/docker.sock",
          "unix:///var/folders/x/T/podman/podman-machine-default-api.sock",
          "unix:///var/folders/x/T/podman/other-api.sock",
          "unix:///Users/ada/.local/share/containers/podman/machine/podman.sock",
          "unix:///Users/ada/.local/share/containers/podman/machine/podman-machine-default/podman.sock",
          "unix:///Users/ada/.local/share/containers/podman/machine/qemu/podman.sock",
        ],
      ],
      [
        "win32",
        { homeFolder: "C:/Users/ada", userId: undefined, listFolder: () => ["docker_engine", "podman-other", "x"] },
        {},
        [
          "npipe:////./pipe/docker_engine",
          "npipe:////./pipe/dockerDesktopLinuxEngine",
          "npipe:////./pipe/podman-machine-default",
          "npipe:////./pipe/podman-other",
        ],
      ],
    ] as const) {
      it(`the default places of ${platform}`, () => {
        const candidates = listCandidates(machine({ platform, ...more }, files));
        assert.deepEqual(
          candidates.map(({ address }) => address),
          expected,
        );
        assert.ok(candidates.every(({ isDefault, target }) => isDefault === true && target.kind === "address"));
      });
    }

    it("the sockets of the user where the session says that they are", () => {
      const found = addresses(machine({ env: { XDG_RUNTIME_DIR: "/tmp/run" } }));
      assert.ok(found.includes("unix:///tmp/run/podman/podman.sock") && found.includes("unix:///tmp/run/docker.sock"));
      assert.ok(!found.some((address) => address.includes("/run/user/")));
    });

    it("root's own sockets as root", () => {
      const found = addresses(machine({ userId: 0, homeFolder: "/root" }));
      assert.ok(found.includes("unix:///run/podman/podman.sock"));
      assert.ok(found.includes("unix:///run/user/0/podman/podman.sock"));
    });

    it("Colima's socket where Colima has it", () => {
      const moved = { XDG_CONFIG_HOME: "/cfg" };
      for (const [env, files, expected] of [
        [{ COLIMA_HOME: "/colima" }, {}, "/colima/default/docker.sock"],
        [moved, {}, "/cfg/colima/default/docker.sock"],
        [moved, { "/home/ada/.colima/default/colima.yaml": "" }, "/home/ada/.colima/default/docker.sock"],
      ] as const) {
        assert.ok(addresses(machine({ env }, files)).includes(`unix://${expected}`), expected);
      }
    });
  });

  describe("looks only where it was told to", () => {
    it("by the caller, before everything else", () => {
      const env = { DOCKER_HOST: "unix:///d.sock", CONTAINER_HOST: "unix:///p.sock" };
      const found = only(machine({ env }), { address: "tcp://localhost:1", source: "--engine" });
      assert.deepEqual(shown(found), ["tcp://localhost:1", "--engine"]);
    });

    it("by DOCKER_HOST and CONTAINER_HOST", () => {
      assert.deepEqual(shown(only(machine({ env: { CONTAINER_HOST: " unix:///p.sock " } }))), [
        "unix:///p.sock",
        "CONTAINER_HOST",
      ]);
      assert.deepEqual(
        addresses(machine({ env: { CONTAINER_HOST: "unix:///p.sock", DOCKER_HOST: "unix:///d.sock" } })),
        ["unix:///d.sock", "unix:///p.sock"],
      );
    });

    it("with the key of CONTAINER_SSHKEY", () => {
      const env = { CONTAINER_HOST: "ssh://core@h:22/run/p.sock", CONTAINER_SSHKEY: "/home/ada/key" };
      const { target } = only(machine({ env }));
      assert.ok(target.kind === "address" && target.address.kind === "ssh");
      assert.equal(target.address.identityFile, "/home/ada/key");
    });

    it("even if that is no address: guessing another engine would be a surprise", () => {
      const found = only(machine({ env: { DOCKER_HOST: "nonsense" } }));
      assert.equal(found.address, "nonsense");
      assert.match(whyNot(found), /^bad-address: write it as/);
    });
  });

  it("takes empty variables as none", () => {
    const names = ["DOCKER_HOST", "XDG_RUNTIME_DIR", "DOCKER_CONFIG", "DOCKER_CONTEXT", "CONTAINER_CONNECTION"];
    const env = { CONTAINER_HOST: "  ", ...Object.fromEntries(names.map((name) => [name, ""])) };
    assert.deepEqual(addresses(machine({ env })), addresses(machine()));
  });

  describe("looks where docker's current context says", () => {
    const files = {
      "/home/ada/.docker/config.json": '{"currentContext":"lima","auths":{}}',
      [metaOf("lima")]: context("unix:///lima.sock"),
    };

    it("and nowhere else: another engine would be a surprise", () => {
      assert.deepEqual(shown(only(machine({}, files))), ["unix:///lima.sock", 'the docker context "lima"']);
    });

    it("or DOCKER_CONTEXT, before the configuration", () => {
      const more = { ...files, [metaOf("other")]: context("tcp://localhost:5") };
      assert.equal(only(machine({ env: { DOCKER_CONTEXT: "other" } }, more)).address, "tcp://localhost:5");
    });

    it("also when DOCKER_CONTEXT is empty", () => {
      assert.equal(only(machine({ env: { DOCKER_CONTEXT: "" } }, files)).address, "unix:///lima.sock");
    });

    it("or in the folder of DOCKER_CONFIG", () => {
      const moved = {
        "/cfg/config.json": '{"currentContext":"lima"}',
        [metaOf("lima", "/cfg")]: context("unix:///moved.sock"),
      };
      const env = { DOCKER_CONFIG: "/cfg" };
      assert.equal(only(machine({ env }, { ...files, ...moved })).address, "unix:///moved.sock");
    });

    it("unless that is the default one", () => {
      assert.deepEqual(addresses(machine({ env: { DOCKER_CONTEXT: "default" } }, files)), addresses(machine()));
      assert.deepEqual(addresses(machine({}, { "/home/ada/.docker/config.json": "{}" })), addresses(machine()));
    });

    it("but not before DOCKER_HOST", () => {
      assert.equal(only(machine({ env: { DOCKER_HOST: "unix:///d.sock" } }, files)).address, "unix:///d.sock");
    });

    for (const [what, damaged] of [
      ["is cut off", { "/home/ada/.docker/config.json": '{"currentContext":"li' }],
      ["is empty", { "/home/ada/.docker/config.json": "" }],
      ["is a list", { "/home/ada/.docker/config.json": "[]" }],
      ["has a name that is no text", { "/home/ada/.docker/config.json": '{"currentContext":5}' }],
    ] as const) {
      it(`which is none when the configuration ${what}`, () => {
        assert.deepEqual(addresses(machine({}, damaged)), addresses(machine()));
      });
    }

    for (const [what, damaged, reason] of [
      ["is not there", { "/home/ada/.docker/config.json": '{"currentContext":"gone"}' }, /there is no such context/],
      ["is cut off", { ...files, [metaOf("lima")]: context("unix:///lima.sock").slice(0, -5) }, /is damaged/],
      ["is not for docker", { ...files, [metaOf("lima")]: '{"Name":"lima","Endpoints":{"k8s":{}}}' }, /no address/],
      ["has no host", { ...files, [metaOf("lima")]: context("") }, /no address/],
    ] as const) {
      it(`and says why not, as docker does, when that ${what}`, () => {
        const why = whyNot(only(machine({}, damaged)));
        assert.match(why, /^unknown-context/);
        assert.match(why, reason);
      });
    }
  });

  describe("understands a choice by name:", () => {
    const files = {
      [metaOf("lima")]: context("unix:///lima.sock"),
      "/home/ada/.config/containers/podman-connections.json": JSON.stringify({
        Connection: { Connections: { lima: { URI: "unix:///p.sock" }, devl: { URI: "ssh://u@h/p.sock" } } },
      }),
    };
    for (const [address, expected, source] of [
      ["lima", "unix:///lima.sock", '--engine: the docker context "lima"'],
      ["context:lima", "unix:///lima.sock", '--engine: the docker context "lima"'],
      ["connection:lima", "unix:///p.sock", '--engine: the Podman connection "lima"'],
      ["devl", "ssh://u@h/p.sock", '--engine: the Podman connection "devl"'],
    ] as const) {
      it(address, () => {
        const found = only(machine({}, files), { address, source: "--engine" });
        assert.deepEqual(shown(found), [expected, source]);
      });
    }

    for (const [address, reason] of [
      ["gone", /^unknown-context: no docker context and no Podman connection/],
      ["context:devl", /^unknown-context: there is no such context/],
      ["connection:gone", /^unknown-context: there is no such connection/],
    ] as const) {
      it(`${address}, which is not there`, () => {
        assert.match(whyNot(only(machine({}, files), { address, source: "--engine" })), reason);
      });
    }

    it("what a candidate says of itself leads to the same place again", () => {
      const environment = machine({ env: { DOCKER_HOST: "unix:///d.sock" } }, files);
      for (const { choice, target } of listAllCandidates(environment)) {
        assert.deepEqual(only(environment, { address: choice, source: "x" }).target, target, choice);
      }
    });
  });

  describe("speaks TLS", () => {
    const remote = { DOCKER_HOST: "tcp://build.example:2376" };
    const pem = (folder: string): Record<string, string> =>
      Object.fromEntries(["ca", "cert", "key"].map((name) => [`${folder}/${name}.pem`, `${name} of ${folder}`]));
    const tlsOf = ({ target }: EndpointCandidate): unknown => {
      assert.ok(target.kind === "address" && target.address.kind === "tcp", JSON.stringify(target));
      const { tls } = target.address;
      return tls === undefined ? undefined : { ...withoutUndefined(tls.files()), skipVerify: tls.skipVerify };
    };
    const of = (folder: string, skipVerify: boolean): object => ({
      ca: `ca of ${folder}`,
      cert: `cert of ${folder}`,
      key: `key of ${folder}`,
      skipVerify,
    });

    for (const [what, env, expected] of [
      ["with DOCKER_TLS_VERIFY, whatever it holds", { DOCKER_TLS_VERIFY: "0" }, { ...of("/home/ada/.docker", false) }],
      [
        "with the files of DOCKER_CERT_PATH",
        { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" },
        of("/certs", false),
      ],
      ["without checks with DOCKER_TLS", { DOCKER_TLS: "1", DOCKER_CERT_PATH: "/certs" }, of("/certs", true)],
      ["with checks with both", { DOCKER_TLS: "1", DOCKER_TLS_VERIFY: "1" }, of("/home/ada/.docker", false)],
      ["without files of its own", { DOCKER_TLS_VERIFY: "1", DOCKER_CONFIG: "/none" }, { skipVerify: false }],
    ] as const) {
      it(what, () => {
        const files = { ...pem("/home/ada/.docker"), ...pem("/certs") };
        assert.deepEqual(tlsOf(only(machine({ env: { ...remote, ...env } }, files))), expected);
      });
    }

    it("for an address that the caller has chosen, too", () => {
      const explicit = { address: "tcp://h:2376", source: "--engine" };
      const env = { DOCKER_TLS_VERIFY: "1" };
      assert.deepEqual(tlsOf(only(machine({ env }), explicit)), { skipVerify: false });
      const secure = { ...explicit, address: "https://h" };
      assert.deepEqual(tlsOf(only(machine({}, pem("/home/ada/.docker")), secure)), of("/home/ada/.docker", false));
    });

    it("not on a socket", () => {
      const { target } = only(machine({ env: { DOCKER_HOST: "unix:///d.sock", DOCKER_TLS_VERIFY: "1" } }));
      assert.deepEqual(target, { kind: "address", address: { kind: "unix", socketPath: "/d.sock" } });
    });

    it("with the files of a docker context", () => {
      const tls = `/home/ada/.docker/contexts/tls/${idOf("lima")}/docker`;
      const files = { [metaOf("lima")]: context("tcp://h:2376"), ...pem(tls) };
      assert.deepEqual(tlsOf(only(machine({ env: { DOCKER_CONTEXT: "lima" } }, files))), of(tls, false));
      const skip = { ...files, [metaOf("lima")]: context("tcp://h:2376", "lima", { SkipTLSVerify: true }) };
      assert.deepEqual(tlsOf(only(machine({ env: { DOCKER_CONTEXT: "lima" } }, skip))), of(tls, true));
    });

    it("and says what is wrong with the files", () => {
      const env = { ...remote, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" };
      assert.match(whyNot(only(machine({ env }))), /^bad-certificate: DOCKER_CERT_PATH has no ca\.pem/);
      assert.match(
        whyNot(only(machine({ env }, { "/certs/cert.pem": "x" }))),
        /^bad-certificate: of cert\.pem and key/,
      );
    });

    it("or not, to another machine, only where that is allowed", () => {
      assert.match(whyNot(only(machine({ env: remote }))), /needs TLS/);
      const { target } = only(machine({ env: remote, allowPlainTcp: true }));
      assert.deepEqual(target, { kind: "address", address: { kind: "tcp", host: "build.example", port: 2376 } });
    });
  });

  it("never shows a password", () => {
    const secret = "s3cr3t";
    for (const address of [
      `tcp://ada:${secret}@h:2375`,
      `ssh://ada:${secret}@h`,
      `ssh://ada:${secret}/@h/run/d.sock`,
      `https://ada:x@${secret}@h`,
      `ftp://ada:${secret}@h`,
      `ada:${secret}@h`,
      `tcp://:${secret}@[::1`,
    ]) {
      for (const environment of [
        machine({ env: { DOCKER_HOST: address } }),
        machine({ env: { CONTAINER_HOST: address } }),
        machine({ env: { DOCKER_CONTEXT: address } }),
        machine({ env: { DOCKER_CONTEXT: "lima" } }, { [metaOf("lima")]: context(address) }),
        machine({ env: { DOCKER_HOST: address, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/none" } }),
      ]) {
        const text = JSON.stringify(
          listAllCandidates(environment).map(({ address: at, source, target }) => ({ at, source, target })),
        );
        assert.ok(!text.includes(secret), text);
        const choices = listAllCandidates(environment, { address, source: "x" }).map(({ choice }) => choice);
        assert.ok(environment.env["DOCKER_CONTEXT"] === address || !JSON.stringify(choices).includes(secret));
      }
    }
  });
});

describe("listAllCandidates", () => {
  const files = {
    "/home/ada/.docker/config.json": '{"currentContext":"zeta"}',
    [metaOf("zeta")]: context("ssh://zeta", "zeta"),
    [metaOf("alpha")]: context("unix:///run/docker.sock", "alpha"),
    [metaOf("mid")]: context("ssh://ada@mid:2222/run/d.sock", "mid"),
    "/home/ada/.docker/contexts/meta/0123/meta.json": context("unix:///stranger.sock", "stranger"),
    [metaOf("cut")]: '{"Name":"cut","End',
    "/home/ada/.config/containers/podman-connections.json": JSON.stringify({
      Connection: {
        Default: "devl",
        Connections: {
          devl: { URI: "ssh://root@devl/run/podman/podman.sock", Identity: "/key", Default: true },
          "podman-machine-default": { URI: "ssh://core@127.0.0.1:4/p.sock", Identity: "/key", IsMachine: true },
          damaged: { URI: 5 },
          same: { URI: "ssh://ada@mid:2222/run/d.sock" },
        },
      },
      Farm: {},
    }),
  };
  const env = { DOCKER_HOST: "unix:///d.sock" };

  it("has everything that can be chosen, the current one first, each place once", () => {
    const found = all(machine({ env }, files), { address: "mid", source: "--engine" });
    const defaults = addresses(machine()).filter((address) => address !== "unix:///var/run/docker.sock");
    assert.deepEqual(found, [
      "ssh://ada@mid:2222/run/d.sock",
      "unix:///d.sock",
      "ssh://zeta",
      // Docker's default socket: the context was first to name it.
      "unix:///run/docker.sock",
      ...defaults,
      "ssh://root@devl/run/podman/podman.sock",
    ]);
  });

  it("says for each what to write to choose it", () => {
    const choices = new Map(listAllCandidates(machine({ env }, files)).map(({ address, choice }) => [address, choice]));
    assert.equal(choices.get("unix:///d.sock"), "unix:///d.sock");
    assert.equal(choices.get("ssh://zeta"), "context:zeta");
    assert.equal(choices.get("ssh://root@devl/run/podman/podman.sock"), "connection:devl");
  });

  it("has all that is looked at for connecting", () => {
    for (const environment of [
      machine(),
      machine({ env }),
      machine({}, files),
      machine({ env: { DOCKER_CONTEXT: "gone" } }),
    ]) {
      const found = new Set(all(environment));
      assert.ok(addresses(environment).every((address) => found.has(address)));
    }
  });

  it("has two ways to one place both, where who one is there differs", () => {
    const tls = (name: string): string => `/home/ada/.docker/contexts/tls/${idOf(name)}/docker/ca.pem`;
    const both = {
      [metaOf("a")]: context("tcp://h:2376", "a"),
      [tls("a")]: "one",
      [metaOf("b")]: context("tcp://h:2376", "b"),
      [tls("b")]: "other",
      [metaOf("c")]: context("tcp://h:2376", "c", { SkipTLSVerify: true }),
      [metaOf("same")]: context("tcp://h:2376", "same"),
      [tls("same")]: "one",
      "/home/ada/.config/containers/podman-connections.json": JSON.stringify({
        Connection: {
          Connections: {
            one: { URI: "ssh://u@h", Identity: "/one" },
            other: { URI: "ssh://u@h", Identity: "/other" },
            same: { URI: "ssh://u@h", Identity: "/one" },
          },
        },
      }),
    };
    const choices = listAllCandidates(machine({}, both)).flatMap(({ choice, isDefault }) =>
      isDefault ? [] : [choice],
    );
    assert.deepEqual(choices, ["context:a", "context:b", "context:c", "connection:one", "connection:other"]);
  });

  it("reads Podman's connections where Podman has them", () => {
    const text = files["/home/ada/.config/containers/podman-connections.json"];
    for (const [more, path] of [
      [{ env: { PODMAN_CONNECTIONS_CONF: "/c.json" } }, "/c.json"],
      [{ env: { XDG_CONFIG_HOME: "/cfg" } }, "/cfg/containers/podman-connections.json"],
      [{ platform: "win32", env: { APPDATA: "C:/r" } }, "C:/r/containers/podman-connections.json"],
    ] as const) {
      assert.ok(all(machine(more, { [path]: text })).includes("ssh://root@devl/run/podman/podman.sock"), path);
    }
  });

  for (const text of ["", "{", "[]", "null", '{"Connection":null}', '{"Connection":{"Connections":[]}}']) {
    it(`takes Podman's file that is ${JSON.stringify(text)} as none`, () => {
      const path = "/home/ada/.config/containers/podman-connections.json";
      assert.deepEqual(all(machine({}, { [path]: text })), all(machine()));
    });
  }
});
