import assert from "node:assert/strict";
import { ExpectedError } from "../../../src/core/errors/ExpectedError";
import { ContainerStartError } from "../../../src/core/errors/containerErrors";
import type { ConformanceFixture } from "../ConformanceFixture";
import { CONTAINER } from "../programs/containerPrograms";

const MEGABYTE = 1 << 20;
/** Bits of a set of capabilities. */
const SYS_PTRACE = 19n;
const NET_RAW = 13n;
const SYS_ADMIN = 21n;

const hasCapability = (set: string, bit: bigint): boolean => ((BigInt(`0x${set.trim()}`) >> bit) & 1n) === 1n;

export function describeIsolation(fixture: ConformanceFixture): void {
  describe("isolation", () => {
    it("has a read-only root where it is asked for", async () => {
      const readOnly = await fixture.runToEnd({ program: CONTAINER.writesToRoot, readOnlyRoot: true });
      assert.equal(readOnly.stdout, "refused\n");
    });

    it("has no network where none is asked for", async () => {
      const interfaces = (text: string): readonly string[] => text.split("\n").map((name) => name.trim());
      const none = interfaces((await fixture.runToEnd({ program: CONTAINER.interfaces, network: "none" })).stdout);
      assert.ok(none.includes("lo") && !none.some((name) => /^(eth|tap)/.test(name)), String(none));
    });

    it("kills what takes more memory than it may", async () => {
      const { id, code } = await fixture.runToEnd({
        program: CONTAINER.allocate,
        resources: { memoryBytes: 32 * MEGABYTE },
      });
      switch (fixture.differences.limits) {
        case "kept":
          assert.equal(code, 137);
          // Podman 4.3 does not tell it from another SIGKILL.
          if (fixture.info.kind === "docker") {
            assert.equal((await fixture.engine.inspectContainer(id))?.outOfMemory, true);
          }
          break;
        case "ignored":
          assert.equal(code, 0);
      }
    });

    it("has no more processes than it may", async () => {
      const { stdout, stderr } = await fixture.runToEnd({ program: CONTAINER.forks, resources: { pids: 10 } });
      const kept = fixture.differences.limits === "kept";
      assert.equal(stdout, kept ? "" : "all\n");
      assert.equal(/fork/.test(stderr), kept);
    });

    it("has an init as its first process where it is asked for", async () => {
      assert.equal((await fixture.runToEnd({ program: CONTAINER.processId })).stdout, "1\n");
      const withInit = fixture.runToEnd({ program: CONTAINER.processId, init: true });
      const end: unknown = await withInit.catch((error: unknown) => error);
      if (fixture.differences.init === "maybe" && end instanceof ExpectedError) {
        // Not every Podman has one; then it says so, and runs nothing.
        assert.match(end.message, /init/);
      } else {
        assert.notEqual((await withInit).stdout, "1\n");
      }
    });

    it("has all capabilities where it is privileged, and else not", async () => {
      const capabilities = async (privileged: boolean): Promise<string> =>
        (await fixture.runToEnd({ program: CONTAINER.capabilities, privileged })).stdout;
      assert.ok(!hasCapability(await capabilities(false), SYS_ADMIN));
      const all: unknown = await capabilities(true).catch((error: unknown) => error);
      if (all instanceof ContainerStartError) {
        // Docker 20.10 gives those that it knows, and cannot where it runs in a container that has not all of them.
        assert.match(all.detail, /\bapply caps: operation not permitted\b/);
      } else {
        assert.ok(hasCapability(String(all), SYS_ADMIN), String(all));
      }
    });

    it("takes a share of the CPUs, other hosts, capabilities and security options", async () => {
      const { stdout } = await fixture.runToEnd({
        program: CONTAINER.privileges,
        resources: { cpus: 0.5 },
        extraHosts: ["slipway.test:127.0.0.9"],
        addCapabilities: ["SYS_PTRACE"],
        dropCapabilities: ["NET_RAW"],
        securityOptions: ["seccomp=unconfined"],
      });
      const [address, capabilities = "", seccomp, ...quota] = stdout.trim().split("\n");
      assert.equal(address, "127.0.0.9");
      assert.deepEqual([hasCapability(capabilities, SYS_PTRACE), hasCapability(capabilities, NET_RAW)], [true, false]);
      assert.equal(seccomp, "0");
      if (fixture.differences.limits === "kept") {
        // Of each tenth of a second, in microseconds.
        assert.match(quota.join(" "), /^50000\b/);
      }
    });
  });
}
