import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ImageNotFoundError, messageOf, RegistryAuthError } from "../../src/core/errors";
import type { BuildEvent } from "../../src/core/ports/BuildEvent";
import { MachineCredentials } from "../../src/engine/credentials/MachineCredentials";
import { noCredentials, type RegistryCredentials } from "../../src/engine/credentials/RegistryCredentials";
import { EngineApi } from "./EngineApi";
import { runCli, type CliRun } from "./runCli";
import { testEngines } from "./testEngines";
import { testRegistry } from "./testRegistry";
import { TestWorkspace } from "./TestWorkspace";
import { TinyRegistry } from "./TinyRegistry";

const registry = testRegistry();
const login = Buffer.from(`${registry.username}:${registry.password}`).toString("base64");
const right: RegistryCredentials = {
  find: async (target) =>
    Promise.resolve(target.registry === registry.address ? { kind: "password", ...registry } : undefined),
};
const wrong: RegistryCredentials = {
  find: async () => Promise.resolve({ kind: "password", username: registry.username, password: "wr0ng-canary" }),
};

/** Whatever an engine or Slipway says of a login, it never says the password. */
function assertNoSecret(told: unknown): void {
  const text = JSON.stringify(told);
  for (const secret of [registry.password, login, "wr0ng-canary"]) {
    assert.ok(!text.includes(secret), "a password got out");
  }
}

for (const { name, address, connect } of testEngines()) {
  describe(`a registry that gives out tokens, on ${name}`, () => {
    const engine = connect();
    const api = new EngineApi(address);
    const labels = { "dev.slipway.test": randomBytes(4).toString("hex") };
    let tiny: TinyRegistry;
    let reference: string;

    before(async () => {
      tiny = await TinyRegistry.listen({ login: registry });
      reference = `${tiny.address}/team/base:1`;
      await tiny.publish("1", { path: "version", content: "one\n" });
    });
    afterEach(async () => {
      await engine.removeImage(reference);
    });
    after(async () => {
      await tiny.close();
      for (const { id } of await engine.listImages({ labels })) {
        await engine.removeImage(id);
      }
    });

    const known: RegistryCredentials = {
      find: async (target) =>
        Promise.resolve(target.registry === tiny.address ? { kind: "password", ...registry } : undefined),
    };
    const dockerfile = (): string => `FROM ${reference} AS base\nFROM busybox\nCOPY --from=base /version /v\n`;

    it("gives one to whoever pulls with a login, and to nobody else", async () => {
      assertNoSecret(await api.pull(reference, known));
      await assert.rejects(api.pull(reference), RegistryAuthError);
      await assert.rejects(api.pull(reference, wrong), RegistryAuthError);
    });

    it("gives one to the builder with a login", async () => {
      assertNoSecret(await api.build(dockerfile(), { labels, credentials: known, noCache: true }));
    });

    it("refuses a builder without a login, or with a wrong one", async () => {
      await assert.rejects(api.build(dockerfile(), { labels, noCache: true }), RegistryAuthError);
      await assert.rejects(api.build(dockerfile(), { labels, credentials: wrong, noCache: true }), RegistryAuthError);
    });
  });

  describe(`a registry with a password, on ${name}`, () => {
    const engine = connect();
    const api = new EngineApi(address);
    const run = randomBytes(4).toString("hex");
    const labels = { "dev.slipway.test": run };
    const reference = `${registry.address}/test-${run}/base:1`;
    let home: string;
    let env: Record<string, string>;

    before(async () => {
      await api.build(`FROM busybox\nRUN echo ${run} > /base\n`, { tags: [reference], labels });
      await api.push(reference, right);
    });
    beforeEach(async () => {
      await engine.removeImage(reference);
      home = await mkdtemp(join(tmpdir(), "slipway-registry-"));
      env = { PATH: `${join(home, "bin")}:${process.env["PATH"] ?? ""}`, XDG_RUNTIME_DIR: join(home, "run") };
    });
    afterEach(async () => {
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
      await writeFile(join(home, path), typeof content === "string" ? content : JSON.stringify(content));
    };
    const machine = (): RegistryCredentials =>
      new MachineCredentials({ platform: "linux", env, homeFolder: home, userId: 0 }, api.kind);
    const refuses = async (attempt: Promise<unknown>): Promise<void> => {
      await assert.rejects(attempt, (error: unknown) => {
        assert.ok(error instanceof RegistryAuthError, messageOf(error));
        assert.equal(error.registry, registry.address);
        assert.equal(error.reference, reference);
        assertNoSecret([error.message, error.stack, Object.entries(error)]);
        return true;
      });
    };
    const isThere = async (): Promise<boolean> => (await engine.inspectImage(reference)) !== undefined;
    const build = async (credentials: RegistryCredentials): Promise<readonly BuildEvent[]> =>
      api.build(`FROM ${reference}\nRUN cat /base\n`, { labels, credentials, noCache: true });

    describe("pulls", () => {
      it("with the login of docker login", async () => {
        await put(".docker/config.json", { auths: { [registry.address]: { auth: login } } });
        assertNoSecret(await api.pull(reference, machine()));
        assert.ok(await isThere());
      });

      it("with the login of a credential helper", async () => {
        await put(".docker/config.json", { credHelpers: { [registry.address]: "slipwaytest" } });
        const answer = JSON.stringify({ Username: registry.username, Secret: registry.password });
        await put("bin/docker-credential-slipwaytest", `#!/bin/sh\ncat > /dev/null\necho '${answer}'\n`);
        await chmod(join(home, "bin/docker-credential-slipwaytest"), 0o755);
        assertNoSecret(await api.pull(reference, machine()));
        assert.ok(await isThere());
      });

      it("with the login of podman login, which may be for some repositories only", async () => {
        await put("run/containers/auth.json", { auths: { [`${registry.address}/test-${run}`]: { auth: login } } });
        assertNoSecret(await api.pull(reference, machine()));
        assert.ok(await isThere());
      });

      it("not without one, and not with a wrong one", async () => {
        await refuses(api.pull(reference));
        await refuses(api.pull(reference, wrong));
        assert.ok(!(await isThere()));
      });

      it("not with the login of another registry", async () => {
        await put(".docker/config.json", {
          auths: { [`${registry.address}.evil.org`]: { auth: login }, "127.0.0.1": { auth: login } },
        });
        await refuses(api.pull(reference, machine()));
      });

      it("and tells of a helper that is not there", async () => {
        await put(".docker/config.json", { credsStore: "not-there", auths: { [registry.address]: { auth: login } } });
        const events = await api.pull(reference, machine());
        const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
        assert.match(warnings.join("\n"), /docker-credential-not-there is not installed/);
        assert.ok(await isThere());
      });

      it("nothing that is not there, which is another failure", async () => {
        await assert.rejects(api.pull(`${reference}-none`, right), ImageNotFoundError);
      });
    });

    describe("pushes", () => {
      beforeEach(async () => {
        await api.pull(reference, right);
      });

      it("with a login", async () => {
        assertNoSecret(await api.push(reference, right));
      });

      it("not without one, and not with a wrong one", async () => {
        await refuses(api.push(reference));
        await refuses(api.push(reference, wrong));
      });

      it("nothing that is not there", async () => {
        await assert.rejects(api.push(`${registry.address}/test-${run}/none:1`, right), ImageNotFoundError);
      });
    });

    describe("is used on the command line, where whatever is written shows no password", () => {
      let workspace: TestWorkspace;

      beforeEach(async () => {
        workspace = await TestWorkspace.create({
          Dockerfile: `FROM ${reference}\nRUN cat /base; : ${randomBytes(4).toString("hex")}\n`,
        });
      });
      afterEach(async () => {
        await workspace.remove(engine);
      });

      const slipway = async (...options: readonly string[]): Promise<CliRun> => {
        const result = await runCli(["build", "--engine", address, ...options], {
          cwd: workspace.folder,
          // What debug libraries print is not ours, and includes headers.
          env: {
            ...env,
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

    describe("is built from", () => {
      it("with a login", async () => {
        const events = await build(right);
        assert.ok(events.some((event) => event.type === "output" && event.text.includes(run)));
        assertNoSecret(events);
      });

      it("with a login for the repository only", async () => {
        await put("run/containers/auth.json", { auths: { [`${registry.address}/test-${run}/base`]: { auth: login } } });
        assertNoSecret(await build(machine()));
      });

      it("with another login that is not for it", async () => {
        const text = `FROM ${reference} AS base\nFROM busybox\nCOPY --from=base /base /base\nRUN cat /base\n`;
        const asked: string[] = [];
        const credentials: RegistryCredentials = {
          find: async (target, options) => {
            asked.push(target.registry);
            return right.find(target, options);
          },
        };
        await api.build(text, { labels, credentials, noCache: true });
        assert.ok(
          asked.every((one) => one === registry.address || one === "docker.io"),
          asked.join(),
        );
      });

      it("not without one, and not with a wrong one", async () => {
        await refuses(build(noCredentials));
        await refuses(build(wrong));
      });
    });
  });
}
