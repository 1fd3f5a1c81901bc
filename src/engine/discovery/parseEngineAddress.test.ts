import assert from "node:assert/strict";
import fc from "fast-check";
import { formatEngineAddress, type EngineAddress } from "../../core/ports/EngineEndpoint";
import { PemTlsMaterial } from "../transport/PemTlsMaterial";
import { parseEngineAddress } from "./parseEngineAddress";

describe("parseEngineAddress", () => {
  for (const [text, expected] of [
    ["unix:///var/run/docker.sock", { kind: "unix", socketPath: "/var/run/docker.sock" }],
    [" UNIX:///a b/ä.sock\n", { kind: "unix", socketPath: "/a b/ä.sock" }],
    ["/run/podman/podman.sock", { kind: "unix", socketPath: "/run/podman/podman.sock" }],
    ["npipe:////./pipe/docker_engine", { kind: "npipe", pipePath: "\\\\.\\pipe\\docker_engine" }],
    ["tcp://127.0.0.1:2376", { kind: "tcp", host: "127.0.0.1", port: 2376 }],
    ["tcp://localhost", { kind: "tcp", host: "localhost", port: 2375 }],
    ["tcp://127.1.2.3:80", { kind: "tcp", host: "127.1.2.3", port: 80 }],
    ["tcp://localhost:80/", { kind: "tcp", host: "localhost", port: 80 }],
    ["tcp://[::1]:4000", { kind: "tcp", host: "::1", port: 4000 }],
    ["http://LOCALHOST:4000", { kind: "tcp", host: "localhost", port: 4000 }],
    [
      "https://LOCALHOST:443",
      { kind: "tcp", host: "localhost", port: 443, tls: new PemTlsMaterial({ skipVerify: false }) },
    ],
    [
      "https://build.example/",
      { kind: "tcp", host: "build.example", port: 2376, tls: new PemTlsMaterial({ skipVerify: false }) },
    ],
    ["ssh://h", { kind: "ssh", host: "h", user: undefined, port: undefined, socketPath: undefined }],
    ["SSH://Ada@My.Host:22/", { kind: "ssh", host: "My.Host", user: "Ada", port: 22, socketPath: undefined }],
    [
      "ssh://h/run/user/1000/p.sock",
      { kind: "ssh", host: "h", user: undefined, port: undefined, socketPath: "/run/user/1000/p.sock" },
    ],
    ["ssh://u@[fe80::1]:2222/a b@c", { kind: "ssh", host: "fe80::1", user: "u", port: 2222, socketPath: "/a b@c" }],
    [
      "ssh://h?identity=/home/ada/a%20key%3F",
      {
        ...{ kind: "ssh", host: "h", user: undefined, port: undefined, socketPath: undefined },
        identityFile: "/home/ada/a key?",
      },
    ],
    ["unix:///a:b@c%20d", { kind: "unix", socketPath: "/a:b@c%20d" }],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseEngineAddress(text), expected);
    });
  }

  for (const [text, problem] of [
    ["", /write it as "unix:/],
    ["docker.sock", /write it as "unix:/],
    ["./docker.sock", /write it as "unix:/],
    ["localhost:2375", /write it as "unix:/],
    ["unix://docker.sock", /must be absolute/],
    ["unix://", /must be absolute/],
    ["fd://", /for the engine itself/],
    ["ftp://localhost:2376", /not supported; write it as "unix:/],
    ["unix:///a\n/b", /control character/],
    ["tcp://local\r\nhost:2375", /control character/],
    ["npipe://x", /write it as npipe:/],
    ["npipe:////./pipe/", /write it as npipe:/],
    ["tcp://:2375", /write it as tcp:/],
    ["tcp://localhost:0", /write it as tcp:/],
    ["tcp://localhost:2375/v1.41", /write it as tcp:/],
    ["tcp://localhost?x=1", /write it as tcp:/],
    ["tcp://::1:2375", /write it as tcp:/],
    ["tcp://[::1", /write it as tcp:/],
    ["tcp://[localhost]:1", /write it as tcp:/],
    ["tcp://[fe80::1%25eth0]:1", /write it as tcp:/],
    ["tcp://local host:1", /write it as tcp:/],
    ["tcp://-oProxyCommand=x:1", /write it as tcp:/],
    ["tcp://user:pass@localhost:2375", /must not hold a user or a password/],
    ["https://user@localhost:2375", /must not hold a user or a password/],
    ["ssh://", /write it as ssh:/],
    ["ssh://user@", /write it as ssh:/],
    ["ssh://user:pass@host", /must not hold a password/],
    ["ssh://user:pa/ss@host", /must not hold a password/],
    ["ssh://-oProxyCommand=x", /write it as ssh:/],
    ["ssh://-oProxyCommand=x@host", /write it as ssh:/],
    ["ssh://user@-oProxyCommand=x", /write it as ssh:/],
    ["ssh://host%20name", /write it as ssh:/],
    ["ssh://ho$(st)", /write it as ssh:/],
    ["ssh://ho st", /write it as ssh:/],
    ["ssh://host:0", /write it as ssh:/],
    ["ssh://host:65536", /write it as ssh:/],
    ["ssh://host:x", /write it as ssh:/],
    ["ssh://::1", /write it as ssh:/],
    ["ssh://host/a:b", /cannot forward/],
    ["ssh://host/%d/x.sock", /cannot forward/],
    ["ssh://host/${HOME}/x.sock", /cannot forward/],
    ["ssh://host/x.sock?y", /cannot forward/],
    ["ssh://host/x.sock?identity=", /must be the path of a key/],
    ["ssh://host/x.sock?identity=/%", /must be the path of a key/],
    ["ssh://host/x.sock?identity=/%0a", /must be the path of a key/],
    ["ssh://user:pass@host?identity=/k", /must not hold a password/],
    ["tcp://", /write it as tcp:/],
    ["tcp://localhost:99999", /write it as tcp:/],
    ["tcp://localhost:x", /write it as tcp:/],
    ["tcp://host.example:2376", /on another machine needs TLS/],
    ["tcp://0.0.0.0:2375", /on another machine needs TLS/],
    ["tcp://127.0.0.1.example:2375", /on another machine needs TLS/],
    ["tcp://localhost@host.example:2375", /must not hold a user/],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      const result = parseEngineAddress(text);
      assert.ok("problem" in result, JSON.stringify(result));
      assert.match(result.problem, problem);
    });
  }

  it("takes an engine on another machine without TLS where that is allowed", () => {
    const expected = { kind: "tcp", host: "host.example", port: 2375 };
    assert.deepEqual(parseEngineAddress("tcp://host.example", { allowPlainTcp: true }), expected);
  });

  it("speaks TLS with what it is given, on the port for that", () => {
    const tls = new PemTlsMaterial({ ca: "x", skipVerify: false });
    const expected = { kind: "tcp", host: "host.example", port: 2376, tls };
    assert.deepEqual(parseEngineAddress("tcp://host.example", { tls }), expected);
  });

  it("reads back every address as it is shown", () => {
    const port = fc.integer({ min: 1, max: 65535 });
    const name = fc.stringMatching(/^[abzä019._-](?:[abzä019._ -]*[abzä])?$/);
    const label = fc.stringMatching(/^[A-Zabz0ä9_][A-Zabz0ä9_.+-]*$/);
    const address: fc.Arbitrary<EngineAddress> = fc.oneof(
      name.map((path) => ({ kind: "unix" as const, socketPath: `/${path}` })),
      name.map((path) => ({ kind: "npipe" as const, pipePath: `\\\\.\\pipe\\${path}` })),
      fc
        .tuple(fc.constantFrom("localhost", "127.0.0.1", "::1", "build.example", "xn--mnchen-3ya"), port)
        .map(([host, number]) => ({ kind: "tcp" as const, host, port: number })),
      fc.record(
        {
          kind: fc.constant("ssh" as const),
          host: fc.oneof(label, fc.constantFrom("::1", "fe80::1")),
          user: fc.option(label, { nil: undefined }),
          port: fc.option(port, { nil: undefined }),
          socketPath: fc.option(
            name.map((path) => `/${path}`),
            { nil: undefined },
          ),
        },
        { noNullPrototype: true },
      ),
    );
    fc.assert(
      fc.property(address, (each) => {
        assert.deepEqual(parseEngineAddress(formatEngineAddress(each), { allowPlainTcp: true }), each);
      }),
    );
  });

  it("never throws, whatever the text", () => {
    const text = fc
      .tuple(
        fc.constantFrom("", "tcp://", "unix://", "npipe://", "https://[", "ssh://", "ssh://a@", "x://"),
        fc.string(),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (value) => {
        assert.equal(typeof parseEngineAddress(value), "object");
      }),
    );
  });

  it("repeats nothing of what was written when it says what is wrong", () => {
    fc.assert(
      fc.property(fc.constantFrom("tcp", "https", "ssh", "ftp"), fc.stringMatching(/^[ -~]*$/), (scheme, end) => {
        const result = parseEngineAddress(`${scheme}://ada:QqQ@${end}`);
        assert.ok("problem" in result && !result.problem.includes("QqQ"), JSON.stringify(result));
      }),
    );
  });

  it("gives ssh nothing that begins like an option", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (user, host) => {
        const result = parseEngineAddress(`ssh://${user}@${host}`);
        assert.ok(
          "problem" in result || result.kind !== "ssh" || !/^-|\n-/.test(`${result.user ?? ""}\n${result.host}`),
        );
      }),
    );
  });
});
