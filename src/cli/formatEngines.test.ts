import assert from "node:assert/strict";
import type { EngineProblem } from "../core/errors/engineErrors";
import type { ProbedCandidate } from "../engine/discovery/probeAll";
import { formatEngines, formatEnginesAsJson } from "./formatEngines";

const socketPath = "/d.sock";
const address = { kind: "unix", socketPath } as const;
const candidate = { address: "unix:///d.sock", source: "DOCKER_HOST", choice: "unix:///d.sock" };
const info = {
  kind: "docker",
  version: "28.5.1",
  apiVersion: "1.51",
  platform: "linux/amd64",
  rootless: false,
} as const;

const found: ProbedCandidate = {
  candidate: { ...candidate, target: { kind: "address", address } },
  result: { kind: "engine", endpoint: { address, source: "DOCKER_HOST" }, info },
};
const missing = (source: string, problem: EngineProblem, isDefault: boolean): ProbedCandidate => ({
  candidate: { ...candidate, source, isDefault, target: { kind: "address", address } },
  result: { kind: "failed", attempt: { ...candidate, source, problem, detail: "it says so", isDefault } },
});
const probed = [
  found,
  missing("named", "not-found", false),
  missing("default", "no-answer", true),
  missing("quiet", "not-found", true),
];

describe("formatEngines", () => {
  it("marks the one that is used, and sums up the default places where nothing is", () => {
    assert.deepEqual(formatEngines({ probed, used: found }, { all: false }), [
      "* unix:///d.sock  (DOCKER_HOST)  docker 28.5.1",
      "  unix:///d.sock  (named)  none: it says so",
      "  unix:///d.sock  (default)  none: it says so",
      "  1 place where engines listen by default: none (--all lists them)",
    ]);
  });

  it("lists all where that is asked for", () => {
    const lines = formatEngines({ probed, used: undefined }, { all: true });
    assert.equal(lines.length, probed.length);
    assert.ok(lines.every((line) => line.startsWith("  ")));
  });
});

describe("formatEnginesAsJson", () => {
  it("has every place", () => {
    const lines = formatEnginesAsJson({ probed, used: found }).map((line) => JSON.parse(line) as unknown);
    const endpoint = "unix:///d.sock";
    assert.equal(lines.length, probed.length);
    assert.deepEqual(lines.slice(0, 2), [
      { endpoint, source: "DOCKER_HOST", ok: true, choice: endpoint, kind: "docker", version: "28.5.1", used: true },
      { endpoint, source: "named", ok: false, choice: endpoint, problem: "it says so", code: "not-found" },
    ]);
  });
});
