import assert from "node:assert/strict";
import type { StatsSample } from "../shapes/statsSample";
import { toContainerStats } from "./toContainerStats";

const DOCKER = { kind: "docker", version: "28.5.2" } as const;

describe("toContainerStats", () => {
  const sample: StatsSample = {
    time: 1_003.4,
    cpuNanoseconds: 2_000_000_000,
    memoryBytes: 5,
    memoryLimitBytes: 10,
    pids: 2,
    networkReceivedBytes: 100,
    networkSentBytes: 7,
  };
  const before: StatsSample = { ...sample, time: 3.4, cpuNanoseconds: 500_000_000 };

  it("tells one and a half CPUs as 150 %", () => {
    assert.deepEqual(toContainerStats(sample, before, DOCKER), {
      time: 1_003,
      cpuPercent: 150,
      memoryBytes: 5,
      memoryLimitBytes: 10,
      pids: 2,
      networkReceivedBytes: 100,
      networkSentBytes: 7,
    });
  });

  it("tells no share of the CPU without something to compare with", () => {
    for (const previous of [
      undefined,
      sample,
      { ...before, cpuNanoseconds: undefined },
      { ...before, cpuNanoseconds: 3e9 },
    ]) {
      assert.equal(toContainerStats(sample, previous, DOCKER).cpuPercent, undefined);
    }
    assert.equal(toContainerStats({ ...sample, cpuNanoseconds: undefined }, before, DOCKER).cpuPercent, undefined);
  });

  for (const [version, received] of [
    ["3.4.4", 7],
    ["4.3.1", 7],
    ["4.4.0", 100],
    ["5.8.6", 100],
  ] as const) {
    it(`takes Podman ${version} at ${received === 7 ? "the opposite of its word" : "its word"} on the network`, () => {
      const stats = toContainerStats(sample, before, { kind: "podman", version });
      assert.equal(stats.networkReceivedBytes, received);
    });
  }
});
