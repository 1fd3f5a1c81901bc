import assert from "node:assert/strict";
import { parseStatsSample } from "./statsSample";

const NOTHING = { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 };

/** Answers of real engines, without what is not read. */
describe("parseStatsSample", () => {
  const docker = {
    read: "2026-11-27T01:14:27.897403763Z",
    preread: "2026-11-27T01:14:26.894258123Z",
    pids_stats: { current: 1 },
    cpu_stats: { cpu_usage: { total_usage: 1_364_813_415 }, system_cpu_usage: 22_128_700_000_000, online_cpus: 2 },
    memory_stats: {
      usage: 602_112,
      max_usage: 3_559_424,
      stats: { inactive_file: 7, total_inactive_file: 16_384 },
      limit: 25_276_510_208,
    },
    networks: { eth0: { rx_bytes: 486, tx_bytes: 10 }, eth1: { rx_bytes: 14, tx_bytes: 2 } },
  };

  it("reads Docker's on cgroups version 1, without the page cache, all networks together", () => {
    const sample = parseStatsSample(docker);
    assert.ok(sample);
    const { time, ...rest } = sample;
    assert.ok(Math.abs(time - 1_795_742_067_897.404) < 0.01, String(time));
    assert.deepEqual(rest, {
      cpuNanoseconds: 1_364_813_415,
      memoryBytes: 585_728,
      memoryLimitBytes: 25_276_510_208,
      pids: 1,
      networkReceivedBytes: 500,
      networkSentBytes: 12,
    });
  });

  it("reads Docker's on cgroups version 2", () => {
    const memory_stats = { usage: 1_000, stats: { anon: 400, inactive_file: 600 }, limit: 2_000 };
    assert.equal(parseStatsSample({ ...docker, memory_stats })?.memoryBytes, 400);
    // What is counted at different moments can be larger than the sum.
    assert.equal(
      parseStatsSample({ ...docker, memory_stats: { usage: 5, stats: { inactive_file: 6 } } })?.memoryBytes,
      5,
    );
  });

  it("reads Podman's", () => {
    const podman = {
      read: "2026-11-27T01:14:42.17881313Z",
      preread: "2026-11-27T01:14:42.177500584Z",
      pids_stats: { current: 1 },
      cpu_stats: { cpu_usage: { total_usage: 21_324_877 }, system_cpu_usage: 8_876_654_007_793, cpu: 32.4 },
      memory_stats: { usage: 950_272, limit: 25_276_510_208 },
      networks: { network: { rx_bytes: 90, tx_bytes: 340 } },
    };
    const sample = parseStatsSample(podman);
    assert.equal(sample?.cpuNanoseconds, 21_324_877);
    assert.equal(sample.memoryBytes, 950_272);
  });

  it("does not believe what rootless Podman tells of a container without a cgroup", () => {
    const rootless = {
      read: "2026-11-27T01:21:38.004703813Z",
      pids_stats: {},
      cpu_stats: { cpu_usage: NOTHING, system_cpu_usage: 9_167_050_620_424 },
      memory_stats: { usage: 2_448_719_872, limit: 25_276_510_208 },
      networks: { network: { rx_bytes: 90, tx_bytes: 254 } },
    };
    const sample = parseStatsSample(rootless);
    assert.deepEqual([sample?.cpuNanoseconds, sample?.memoryBytes, sample?.pids], [undefined, undefined, undefined]);
    assert.equal(sample?.networkReceivedBytes, 90);
  });

  it("does without networks, where there is none", () => {
    const { networks, ...rest } = docker;
    assert.ok(networks);
    assert.equal(parseStatsSample(rest)?.networkReceivedBytes, undefined);
  });

  it("takes what an engine says of a container that does not run for nothing", () => {
    const zeros = { read: "0001-01-01T00:00:00Z", pids_stats: {}, cpu_stats: { cpu_usage: NOTHING }, memory_stats: {} };
    for (const value of [zeros, { cause: "container is stopped", response: 500 }, undefined, null, "", []]) {
      assert.equal(parseStatsSample(value), undefined, JSON.stringify(value));
    }
  });
});
