import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { EngineApi } from "./EngineApi";
import { runCli, type CliRun } from "./runCli";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { assertNoSecret, login, right } from "./testLogins";
import { testRegistry } from "./testRegistry";
import { TestWorkspace } from "./TestWorkspace";

const registry = testRegistry();

for (const { name, address, connect } of engineOfEachKind()) {
  describe(`the login for a registry, on the command line and on ${name}`, () => {
    const engine = connect();
    const api = new EngineApi(address);
    const run = randomBytes(4).toString("hex");
    const labels = { "dev.slipway.test": run };
    const reference = `${registry.address}/test-${run}/base:1`;
    let home: string;
    let workspace: TestWorkspace;

    before(async () => {
      await api.build(`FROM busybox\nRUN echo ${run} > /base\n`, { tags: [reference], labels });
      await api.push(reference, right);
    });
    beforeEach(async () => {
      await engine.removeImage(reference);
      home = await mkdtemp(join(tmpdir(), "slipway-registry-"));
      workspace = await TestWorkspace.create({
        Dockerfile: `FROM ${reference}\nRUN cat /base; : ${randomBytes(4).toString("hex")}\n`,
      });
    });
    afterEach(async () => {
      await workspace.remove(engine);
      await rm(home, { recursive: true });
    });
    after(async () => {
      for (const { id, references } of await engine.listImages({ labels })) {
        for (const known of references.length > 0 ? references : [id]) {
          await engine.removeImage(known);
        }
      }
    });

    const put = async (path: string, content: unknown): Promise<void> => {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), JSON.stringify(content));
    };

    const slipway = async (...options: readonly string[]): Promise<CliRun> => {
      const result = await runCli(["build", "--engine", address, ...options], {
        cwd: workspace.folder,
        // What debug libraries print is not ours, and includes headers.
        env: {
          XDG_RUNTIME_DIR: join(home, "run"),
          HOME: home,
          DOCKER_CONFIG: join(home, ".docker"),
          DEBUG: "*",
          SLIPWAY_CACHE_DIR: workspace.cache,
        },
      });
      assertNoSecret(result);
      return result;
    };

    for (const options of [[], ["--json"]]) {
      it(`with the right one (${options.join("") || "text"})`, async () => {
        await put(".docker/config.json", { auths: { [registry.address]: { auth: login } } });
        const { code, stdout, stderr } = await slipway(...options);
        assert.equal(code, 0, stderr.slice(-2_000));
        assert.match(options.length === 0 ? stderr : stdout, new RegExp(`^${run}$|"${run}\\\\n"`, "m"));
      });

      it(`with a wrong one (${options.join("") || "text"})`, async () => {
        const auth = Buffer.from(`${registry.username}:wr0ng-canary`).toString("base64");
        await put(".docker/config.json", { auths: { [registry.address]: { auth } } });
        const { code, stdout, stderr } = await slipway(...options);
        assert.equal(code, 125);
        assert.match(stderr, /refuses .*\. Log in there \("docker login 127\.0\.0\.1:\d+"/);
        assert.ok(options.length === 0 || stdout.includes('"code":"registry-auth"'));
      });
    }
  });
}
