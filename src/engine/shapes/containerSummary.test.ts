import assert from "node:assert/strict";
import fc from "fast-check";
import { ZodError } from "zod";
import { parseContainerSummary, toContainerState } from "./containerSummary";

const id = "0123456789abcdef".repeat(4);
const BAD: readonly unknown[] = [null, undefined, "", 1, [], {}, { Id: 1 }, { message: "page not found" }];

describe("parseContainerSummary", () => {
  it("reads Docker's entry, ports that are not published left out", () => {
    const docker = {
      Id: id,
      Names: ["/slipway-app-test-1a2b3c4d", "/alias"],
      Image: "localhost/slipway/app:f",
      ImageID: `sha256:${id}`,
      Command: "docker-entrypoint.s…",
      Created: 1_760_000_000,
      Ports: [
        { IP: "127.0.0.1", PrivatePort: 3000, PublicPort: 49153, Type: "tcp" },
        { PrivatePort: 8080, Type: "tcp" },
        { IP: "::", PrivatePort: 53, PublicPort: 53, Type: "udp" },
      ],
      Labels: { "dev.slipway.kind": "task" },
      State: "running",
      Status: "Up 2 minutes",
      Mounts: [],
    };
    assert.deepEqual(parseContainerSummary(docker), {
      id,
      name: "slipway-app-test-1a2b3c4d",
      image: "localhost/slipway/app:f",
      imageId: `sha256:${id}`,
      state: "running",
      status: "Up 2 minutes",
      labels: { "dev.slipway.kind": "task" },
      ports: [
        { containerPort: 3000, protocol: "tcp", hostIp: "127.0.0.1", hostPort: 49153 },
        { containerPort: 53, protocol: "udp", hostIp: "::", hostPort: 53 },
      ],
      created: 1_760_000_000,
    });
  });

  it("reads Podman's entry, with its empty and missing fields", () => {
    const podman = {
      Id: id,
      Names: null,
      Image: "x",
      State: "configured",
      Status: null,
      Created: 7,
      Labels: null,
      Ports: null,
    };
    assert.deepEqual(parseContainerSummary(podman), {
      id,
      name: id.slice(0, 12),
      image: "x",
      imageId: undefined,
      state: "created",
      status: "configured",
      labels: {},
      ports: [],
      created: 7,
    });
    assert.equal(parseContainerSummary({ ...podman, ImageID: id }).imageId, `sha256:${id}`);
    const ports = [
      { IP: "", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { PrivatePort: 81, PublicPort: 0, Type: "tcp" },
    ];
    assert.deepEqual(parseContainerSummary({ ...podman, Ports: ports }).ports, [
      { containerPort: 80, protocol: "tcp", hostIp: "", hostPort: 8080 },
    ]);
  });

  it("refuses an entry of another shape", () => {
    for (const value of BAD) {
      assert.throws(() => parseContainerSummary(value), ZodError, JSON.stringify(value));
    }
  });
});

describe("toContainerState", () => {
  for (const [word, state] of [
    ["created", "created"],
    ["Running", "running"],
    ["exited", "exited"],
    ["dead", "dead"],
    ["initialized", "created"],
    ["stopping", "running"],
    ["stopped", "exited"],
  ] as const) {
    it(`takes "${word}" as ${state}`, () => {
      assert.equal(toContainerState(word), state);
    });
  }

  it("takes every other word as dead, which nobody waits for", () => {
    for (const word of ["", "unknown", "constructor", "__proto__", "toString"]) {
      assert.equal(toContainerState(word), "dead", word);
    }
    fc.assert(
      fc.property(fc.string(), (word) => {
        assert.equal(typeof toContainerState(word), "string");
      }),
    );
  });
});
