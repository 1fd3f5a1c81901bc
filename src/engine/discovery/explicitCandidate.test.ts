import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { placeOf, type EndpointCandidate } from "./EndpointCandidate";
import type { EndpointEnvironment } from "./EndpointEnvironment";
import { explicitCandidate } from "./explicitCandidate";
import { fakeEnvironment as machine } from "./fakeEnvironment";
import { listAllCandidates } from "./listCandidates";

const idOf = (name: string): string => createHash("sha256").update(name).digest("hex");
const CONTEXTS = "/home/ada/.docker/contexts";
const CONNECTIONS = "/home/ada/.config/containers/podman-connections.json";

const choose = (environment: EndpointEnvironment, address: string): EndpointCandidate =>
  explicitCandidate(environment, { address, source: "x" });
const choicesOf = (environment: EndpointEnvironment): readonly string[] =>
  listAllCandidates(environment)
    .filter(({ isDefault }) => isDefault !== true)
    .map(({ choice }) => choice);
const connections = (byName: Readonly<Record<string, object>>): Record<string, string> => ({
  [CONNECTIONS]: JSON.stringify({ Connection: { Connections: byName } }),
});

describe("explicitCandidate", () => {
  it("understands the choice of an engine with TLS when the variables are gone", () => {
    const files = { "/home/ada/.docker/ca.pem": "ca" };
    const env = { DOCKER_HOST: "tcp://h:2376", DOCKER_TLS_VERIFY: "1" };
    const [choice = ""] = choicesOf(machine({ env }, files));
    assert.equal(choice, "https://h:2376");
    assert.deepEqual(choose(machine({}, files), choice).target, choose(machine({ env }, files), choice).target);
  });

  it("keeps the choice of an engine without TLS when there are variables for it", () => {
    const [choice = ""] = choicesOf(machine({ env: { DOCKER_HOST: "tcp://localhost:2375" } }));
    assert.equal(choice, "http://localhost:2375");
    const { target } = choose(machine({ env: { DOCKER_TLS_VERIFY: "1" } }), choice);
    assert.deepEqual(target, { kind: "address", address: { kind: "tcp", host: "localhost", port: 2375 } });
  });

  it("does not keep that a certificate is not checked", () => {
    const env = { DOCKER_HOST: "tcp://h:2376", DOCKER_TLS: "1" };
    const [choice = ""] = choicesOf(machine({ env }));
    assert.equal(choice, "tcp://h:2376");
    assert.equal(choose(machine(), choice).target.kind, "unusable");
  });

  it("understands the choice of an engine with a key when the variables are gone", () => {
    const env = { CONTAINER_HOST: "ssh://u@h:22/p.sock", CONTAINER_SSHKEY: "/home/ada/a key?" };
    const [choice = ""] = choicesOf(machine({ env }));
    assert.equal(choice, "ssh://u@h:22/p.sock?identity=/home/ada/a%20key%3F");
    const chosen = choose(machine(), choice);
    assert.equal(chosen.address, "ssh://u@h:22/p.sock");
    assert.ok(chosen.target.kind === "address" && chosen.target.address.kind === "ssh");
    assert.equal(chosen.target.address.identityFile, "/home/ada/a key?");
  });

  for (const name of ["my box", "a/b", " outer ", "ssh://h", "ünï", "default", "--x", ""]) {
    it(`understands the choice of a Podman connection named ${JSON.stringify(name)}`, () => {
      const environment = machine({}, connections({ [name]: { URI: "unix:///p.sock" } }));
      assert.deepEqual(choicesOf(environment), [`connection:${name}`]);
      assert.equal(choose(environment, `connection:${name}`).address, "unix:///p.sock");
    });
  }

  it("understands names without saying of what, also with spaces in and around them", () => {
    const environment = machine({}, connections({ "my box": { URI: "unix:///p.sock" } }));
    for (const text of ["my box", " my box\n", "connection:my box ", " connection:my box"]) {
      assert.equal(choose(environment, text).address, "unix:///p.sock", text);
    }
  });

  it("takes what looks like an address for one, whatever may have such a name", () => {
    const environment = machine({}, connections({ "unix:///a.sock": { URI: "ssh://evil" } }));
    assert.equal(choose(environment, "unix:///a.sock").address, "unix:///a.sock");
  });

  it("finds the context that docker keeps no file of, and no other one of its name", () => {
    const host = JSON.stringify({ Name: "default", Endpoints: { docker: { Host: "ssh://evil" } } });
    const files = { [`${CONTEXTS}/meta/${idOf("default")}/meta.json`]: host };
    for (const text of ["default", "context:default"]) {
      assert.equal(choose(machine({}, files), text).address, "unix:///var/run/docker.sock");
      assert.equal(choose(machine({ platform: "win32" }), text).address, "npipe:////./pipe/docker_engine");
      assert.equal(choose(machine(), text).source, 'x: the docker context "default"');
    }
    assert.deepEqual(choicesOf(machine({}, files)), []);
  });

  it("leads each choice that is listed to the place that it is listed for, whatever the environment", () => {
    const uri = fc.constantFrom(
      ...[
        "unix:///a.sock",
        "/var/run/docker.sock",
        "tcp://localhost:1",
        "tcp://localhost",
        "tcp://h:2376",
        "https://h",
      ],
      ...["http://127.0.0.1:5", "ssh://h", "ssh://u@h:22/p.sock", "ssh://u@[::1]", "npipe:////./pipe/x", "lima", ""],
      ...["ssh://h?identity=/k", "tcp://[::1]:7", "context:lima"],
    );
    const name = fc.oneof(fc.constantFrom("lima", "my box", "default", "a:b", " x "), fc.string());
    const key = fc.constantFrom(undefined, "", "/home/ada/.ssh/id", "/k", "/a b%/ü?identity=x", "~/k");
    const flag = fc.constantFrom(undefined, "", "1");
    const pem = fc.constantFrom(undefined, "one", "other");
    const material = fc.record({ ca: pem, cert: pem });
    const env = fc.record({
      DOCKER_HOST: fc.option(uri, { nil: undefined }),
      DOCKER_TLS_VERIFY: flag,
      DOCKER_TLS: flag,
      DOCKER_CERT_PATH: fc.constantFrom(undefined, "/certs"),
      DOCKER_CONTEXT: fc.option(name, { nil: undefined }),
      CONTAINER_HOST: fc.option(uri, { nil: undefined }),
      CONTAINER_SSHKEY: key,
      CONTAINER_CONNECTION: fc.option(name, { nil: undefined }),
    });
    const context = fc.record({ name, uri, skip: fc.boolean(), tls: material });
    const connection = fc.record({ name, uri, key });
    const environment = fc
      .record({
        env,
        contexts: fc.array(context, { maxLength: 4 }),
        podman: fc.array(connection, { maxLength: 4 }),
        own: material,
        platform: fc.constantFrom("linux", "darwin", "win32"),
        allowPlainTcp: fc.boolean(),
      })
      .map(({ contexts, podman, own, ...more }) =>
        machine(more, {
          ...pems("/home/ada/.docker", own),
          ...pems("/certs", own),
          ...contexts.reduce((all, each) => ({ ...all, ...contextFiles(each) }), {}),
          ...connections(Object.fromEntries(podman.map((each) => [each.name, { URI: each.uri, Identity: each.key }]))),
        }),
      );
    fc.assert(
      fc.property(environment, (each) => {
        const places = new Set<string>();
        for (const candidate of listAllCandidates(each)) {
          const place = placeOf(candidate);
          assert.ok(!places.has(place), place);
          places.add(place);
          if (candidate.target.kind === "address") {
            const chosen = choose(each, candidate.choice);
            assert.deepEqual([placeOf(chosen), chosen.target], [place, candidate.target], candidate.choice);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Material {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
}

function pems(folder: string, { ca, cert }: Material): Record<string, string> {
  return {
    ...(ca === undefined ? {} : { [`${folder}/ca.pem`]: ca }),
    ...(cert === undefined ? {} : { [`${folder}/cert.pem`]: cert, [`${folder}/key.pem`]: `key of ${cert}` }),
  };
}

function contextFiles(context: {
  readonly name: string;
  readonly uri: string;
  readonly skip: boolean;
  readonly tls: Material;
}): Record<string, string> {
  const { name, uri, skip, tls } = context;
  const id = idOf(name);
  return {
    [`${CONTEXTS}/meta/${id}/meta.json`]: JSON.stringify({
      Name: name,
      Endpoints: { docker: { Host: uri, SkipTLSVerify: skip } },
    }),
    ...pems(`${CONTEXTS}/tls/${id}/docker`, tls),
  };
}
