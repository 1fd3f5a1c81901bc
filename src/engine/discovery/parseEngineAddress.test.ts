import assert from "node:assert/strict";
import fc from "fast-check";
import { formatEngineAddress, type EngineAddress } from "../../core/ports/EngineEndpoint";
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
    ["ssh://user@host.example", /ssh:\/\/ are not supported yet/],
    ["https://localhost:2376", /https:\/\/ are not supported yet/],
    ["fd://", /fd:\/\/ are not supported yet/],
    ["tcp://", /write it as tcp:/],
    ["tcp://localhost:99999", /write it as tcp:/],
    ["tcp://localhost:x", /write it as tcp:/],
    ["tcp://host.example:2376", /on another machine needs TLS/],
    ["tcp://0.0.0.0:2375", /on another machine needs TLS/],
    ["tcp://127.0.0.1.example:2375", /on another machine needs TLS/],
    ["tcp://localhost@host.example:2375", /on another machine needs TLS/],
  ] as const) {
    it(`says what is wrong with "${text}"`, () => {
      const result = parseEngineAddress(text);
      assert.ok("problem" in result, JSON.stringify(result));
      assert.match(result.problem, problem);
    });
  }

  it("reads back every address as it is shown", () => {
    const port = fc.integer({ min: 1, max: 65535 });
    const name = fc.stringMatching(/^[abzä019._-](?:[abzä019._ -]*[abzä])?$/);
    const address: fc.Arbitrary<EngineAddress> = fc.oneof(
      name.map((path) => ({ kind: "unix" as const, socketPath: `/${path}` })),
      name.map((path) => ({ kind: "npipe" as const, pipePath: `\\\\.\\pipe\\${path}` })),
      fc
        .tuple(fc.constantFrom("localhost", "127.0.0.1", "::1"), port)
        .map(([host, number]) => ({ kind: "tcp" as const, host, port: number })),
    );
    fc.assert(
      fc.property(address, (each) => {
        assert.deepEqual(parseEngineAddress(formatEngineAddress(each)), each);
      }),
    );
  });

  it("never throws, whatever the text", () => {
    const text = fc
      .tuple(fc.constantFrom("", "tcp://", "unix://", "npipe://", "x://"), fc.string())
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (value) => {
        assert.equal(typeof parseEngineAddress(value), "object");
      }),
    );
  });
});
