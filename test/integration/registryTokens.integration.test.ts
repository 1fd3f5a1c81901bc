import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { RegistryAuthError } from "../../src/core/errors/imageErrors";
import type { RegistryCredentials } from "../../src/engine/credentials/RegistryCredentials";
import { EngineApi } from "./EngineApi";
import { testEngines } from "./testEngines";
import { assertNoSecret, wrong } from "./testLogins";
import { testRegistry } from "./testRegistry";
import { TinyRegistry } from "./TinyRegistry";

const registry = testRegistry();

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
}
