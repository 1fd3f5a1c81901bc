import assert from "node:assert/strict";
import { isPodman } from "./isPodman";
import { runCli, type CliRun } from "./runCli";
import { testEngines } from "./testEngines";
import { TestWorkspace } from "./TestWorkspace";
import { TinyRegistry } from "./TinyRegistry";

// Podman takes a registry without TLS only where its own configuration names the port.
for (const { name, address, connect } of testEngines().filter((engine) => !isPodman(engine.address))) {
  describe(`pulling base images on ${name}`, () => {
    const engine = connect();
    let registry: TinyRegistry;
    let workspace: TestWorkspace;
    let base: string;

    before(async () => {
      registry = await TinyRegistry.listen();
      base = `${registry.address}/team/base:1`;
      await registry.publish("1", { path: "version", content: "one\n" });
      workspace = await TestWorkspace.create({
        Dockerfile: `FROM ${base} AS base\nFROM busybox\nCOPY --from=base /version /version\n`,
      });
    });

    after(async () => {
      await workspace.remove(engine);
      await engine.removeImage(base);
      await registry.close();
    });

    const version = async (...options: readonly string[]): Promise<CliRun> =>
      runCli(["run", "--engine", address, ...options, "--", "cat", "/version"], {
        cwd: workspace.folder,
        env: { SLIPWAY_CACHE_DIR: workspace.cache },
      });

    it("pulls what is not there before it builds, and the image is fresh the next time", async () => {
      const first = await version();
      assert.equal(first.stdout, "one\n", first.stderr);
      assert.match(first.stderr, new RegExp(`Pulling ${base}`));
      assert.match((await version()).stderr, /fresh: \d+ inputs unchanged/);
    });

    it("does not ask the registry for what is there, and without cache does", async () => {
      await registry.publish("1", { path: "version", content: "two\n" });
      assert.equal((await version()).stdout, "one\n");
      assert.equal((await version("--force-rebuild")).stdout, "one\n");
      const anew = await version("--no-cache");
      assert.equal(anew.stdout, "two\n", anew.stderr);
      assert.equal((await version()).stdout, "two\n");
    });

    it("needs no build when the base image had gone and comes back the same", async () => {
      assert.equal(await engine.removeImage(base), "removed");
      const { stdout, stderr } = await version();
      assert.equal(stdout, "two\n");
      assert.match(stderr, /it is not on this engine[\s\S]*fresh: \d+ inputs unchanged/);
    });

    it("names the line of a tag that the registry does not have", async () => {
      await workspace.write("Dockerfile", `FROM busybox\nCOPY --from=${registry.address}/team/base:none / /\n`);
      const { code, stderr } = await version();
      assert.equal(code, 125);
      assert.match(stderr, /There is no image .*base:none \(Dockerfile:2\): .*(?:unknown|not found)/);
    });
  });
}
