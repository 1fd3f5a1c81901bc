import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { messageOf } from "../../src/core/errors/ExpectedError";
import { ImageNotFoundError, RegistryAuthError } from "../../src/core/errors/imageErrors";
import type { BuildEvent } from "../../src/core/ports/BuildEvent";
import { MachineCredentials } from "../../src/engine/credentials/MachineCredentials";
import { noCredentials, type RegistryCredentials } from "../../src/engine/credentials/RegistryCredentials";
import { EngineApi } from "./EngineApi";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { assertNoSecret, login, right, wrong } from "./testLogins";
import { testRegistry } from "./testRegistry";

const registry = testRegistry();
for (const { name, address, connect } of engineOfEachKind()) {
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

      it("with the login of Docker's variable", async () => {
        env["DOCKER_AUTH_CONFIG"] = JSON.stringify({ auths: { [registry.address]: { auth: login } } });
        assertNoSecret(await build(machine()));
      });

      it("not with a login for it that the build does not name", async () => {
        const asked: string[] = [];
        const credentials: RegistryCredentials = {
          find: async (target, options) => {
            asked.push(target.registry);
            return right.find(target, options);
          },
        };
        await assert.rejects(
          api.build(`FROM ${reference}\nRUN cat /base\n`, { labels, credentials, noCache: true, images: [] }),
        );
        assert.deepEqual(asked, []);
      });

      it("not without one, and not with a wrong one", async () => {
        await refuses(build(noCredentials));
        await refuses(build(wrong));
      });
    });
  });
}
