import assert from "node:assert/strict";
import fc from "fast-check";
import { ZodError } from "zod";
import { parseContainerDetails } from "./containerDetails";
import { parseContainerEvent } from "./containerEvent";
import { parseContainerSummary, toContainerState } from "./containerSummary";
import { parseEngineInfo } from "./engineInfo";
import { parseImageDetails, parseImageSummary } from "./images";

const id = "0123456789abcdef".repeat(4);
const BAD: readonly unknown[] = [null, undefined, "", 1, [], {}, { Id: 1 }, { message: "page not found" }];

describe("parseEngineInfo", () => {
  it("reads Docker's answer", () => {
    const docker = {
      Platform: { Name: "Docker Engine - Community" },
      Components: [
        { Name: "Engine", Version: "28.5.1", Details: { ApiVersion: "1.51" } },
        { Name: "containerd", Version: "v1.7.28" },
      ],
      Version: "28.5.1",
      ApiVersion: "1.51",
      MinAPIVersion: "1.24",
      Os: "linux",
      Arch: "arm64",
    };
    assert.deepEqual(parseEngineInfo(docker), {
      kind: "docker",
      version: "28.5.1",
      apiVersion: "1.51",
      platform: "linux/arm64",
    });
  });

  it("reads Podman's answer", () => {
    const podman = {
      Platform: { Name: "linux/amd64/debian-12" },
      Components: [
        { Name: "Podman Engine", Version: "4.3.1", Details: { APIVersion: "4.3.1" } },
        { Name: "Conmon", Version: "conmon version 2.1.6" },
      ],
      Version: "4.3.1",
      ApiVersion: "1.41",
      Os: "linux",
      Arch: "amd64",
    };
    assert.deepEqual(parseEngineInfo(podman), {
      kind: "podman",
      version: "4.3.1",
      apiVersion: "1.41",
      platform: "linux/amd64",
    });
  });

  it("takes an answer without components for an old Docker", () => {
    assert.deepEqual(parseEngineInfo({ Version: "18.09.0", ApiVersion: "1.39", Components: null }), {
      kind: "docker",
      version: "18.09.0",
      apiVersion: "1.39",
      platform: "linux/amd64",
    });
  });

  it("refuses what is no engine's answer", () => {
    for (const value of [...BAD, { Version: "1" }, { Version: 1, ApiVersion: "1" }]) {
      assert.throws(() => parseEngineInfo(value), ZodError, JSON.stringify(value));
    }
  });
});

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
      state: "running",
      status: "Up 2 minutes",
      labels: { "dev.slipway.kind": "task" },
      ports: [
        { containerPort: 3000, protocol: "tcp", hostIp: "127.0.0.1", hostPort: 49153 },
        { containerPort: 53, protocol: "udp", hostIp: "::", hostPort: 53 },
      ],
    });
  });

  it("reads Podman's entry, with its empty and missing fields", () => {
    const podman = { Id: id, Names: null, Image: "x", State: "configured", Status: null, Labels: null, Ports: null };
    assert.deepEqual(parseContainerSummary(podman), {
      id,
      name: id.slice(0, 12),
      image: "x",
      state: "created",
      status: "configured",
      labels: {},
      ports: [],
    });
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

describe("parseContainerDetails", () => {
  const base = {
    Id: id,
    Name: "/slipway-app",
    State: { Status: "exited", Running: false, ExitCode: 137, OOMKilled: true, Error: "" },
    Config: { Labels: { a: "b" } },
  };

  it("reads Docker's answer, with each address of a port", () => {
    const NetworkSettings = {
      Ports: {
        "3000/tcp": [
          { HostIp: "0.0.0.0", HostPort: "3000" },
          { HostIp: "::", HostPort: "3000" },
        ],
        "53/udp": [{ HostIp: "127.0.0.1", HostPort: "5353" }],
        "80/tcp": null,
      },
    };
    assert.deepEqual(parseContainerDetails({ ...base, NetworkSettings }), {
      id,
      name: "slipway-app",
      state: "exited",
      running: false,
      exitCode: 137,
      outOfMemory: true,
      labels: { a: "b" },
      ports: [
        { containerPort: 3000, protocol: "tcp", hostIp: "0.0.0.0", hostPort: 3000 },
        { containerPort: 3000, protocol: "tcp", hostIp: "::", hostPort: 3000 },
        { containerPort: 53, protocol: "udp", hostIp: "127.0.0.1", hostPort: 5353 },
      ],
    });
  });

  it("reads Podman's answer, with its empty and missing fields", () => {
    const State = { Status: "initialized", Running: false, ExitCode: 0 };
    const podman = {
      Id: id,
      Name: "slipway-app",
      State,
      Config: { Labels: null },
      NetworkSettings: { Ports: { "80/tcp": [{ HostIp: "", HostPort: "80" }] } },
    };
    const { state, outOfMemory, labels, ports } = parseContainerDetails(podman);
    assert.deepEqual(
      { state, outOfMemory, labels, ports },
      {
        state: "created",
        outOfMemory: false,
        labels: {},
        ports: [{ containerPort: 80, protocol: "tcp", hostIp: "", hostPort: 80 }],
      },
    );
    for (const NetworkSettings of [undefined, null, {}, { Ports: null }, { Ports: {} }]) {
      assert.deepEqual(parseContainerDetails({ ...podman, NetworkSettings }).ports, []);
    }
  });

  it("refuses an answer of another shape", () => {
    for (const value of [
      ...BAD,
      { ...base, State: null },
      { ...base, State: { Status: "exited" } },
      { ...base, Config: null },
    ]) {
      assert.throws(() => parseContainerDetails(value), ZodError, JSON.stringify(value));
    }
  });
});

describe("parseImageDetails", () => {
  it("reads the same ID from Docker and from Podman, which leaves out the algorithm", () => {
    const expected = { id: `sha256:${id}`, labels: { a: "b" } };
    assert.deepEqual(parseImageDetails({ Id: `sha256:${id}`, Config: { Labels: { a: "b" } } }), expected);
    assert.deepEqual(parseImageDetails({ Id: id, Config: { Labels: { a: "b" } } }), expected);
  });

  it("takes missing labels as none", () => {
    for (const Config of [undefined, null, {}, { Labels: null }]) {
      assert.deepEqual(parseImageDetails({ Id: id, Config }).labels, {});
    }
  });

  it("refuses an answer of another shape", () => {
    for (const value of [...BAD, { Id: id, Config: { Labels: { a: 1 } } }]) {
      assert.throws(() => parseImageDetails(value), ZodError, JSON.stringify(value));
    }
  });
});

describe("parseImageSummary", () => {
  it("reads an entry, without the names that stand for none", () => {
    assert.deepEqual(
      parseImageSummary({ Id: id, RepoTags: ["a:1", "<none>:<none>", "b:2"], Labels: { x: "y" }, Created: 7 }),
      {
        id: `sha256:${id}`,
        references: ["a:1", "b:2"],
        labels: { x: "y" },
        created: 7,
      },
    );
    assert.deepEqual(parseImageSummary({ Id: id, RepoTags: null, Labels: null, Created: 7 }).references, []);
  });

  it("refuses an entry of another shape", () => {
    for (const value of [...BAD, { Id: id, Created: "2026-01-01" }]) {
      assert.throws(() => parseImageSummary(value), ZodError, JSON.stringify(value));
    }
  });
});

describe("parseContainerEvent", () => {
  for (const [word, action] of [
    ["create", "create"],
    ["start", "start"],
    ["die", "die"],
    ["destroy", "destroy"],
    ["died", "die"],
    ["remove", "destroy"],
    ["exec_create: /bin/sh", "other"],
    ["constructor", "other"],
    ["", "other"],
  ] as const) {
    it(`takes "${word}" as ${action}`, () => {
      const line = { Type: "container", Action: word, Actor: { ID: id, Attributes: { a: "b" } }, time: 1 };
      assert.deepEqual(parseContainerEvent(line), { id, action, labels: { a: "b" } });
    });
  }

  it("takes missing attributes as no labels", () => {
    assert.deepEqual(parseContainerEvent({ Action: "start", Actor: { ID: id, Attributes: null } })?.labels, {});
  });

  it("passes over lines of another shape", () => {
    for (const value of [...BAD, { Action: "start" }, { Action: "start", Actor: { ID: 1 } }]) {
      assert.equal(parseContainerEvent(value), undefined, JSON.stringify(value));
    }
  });
});
