import assert from "node:assert/strict";
import type { RegistryCredentials } from "../../src/engine/credentials/RegistryCredentials";
import { testRegistry } from "./testRegistry";

const registry = testRegistry();

/** The registry's login, as files keep it. */
export const login = Buffer.from(`${registry.username}:${registry.password}`).toString("base64");
export const right: RegistryCredentials = {
  find: async (target) =>
    Promise.resolve(target.registry === registry.address ? { kind: "password", ...registry } : undefined),
};
export const wrong: RegistryCredentials = {
  find: async () => Promise.resolve({ kind: "password", username: registry.username, password: "wr0ng-canary" }),
};

/** Whatever an engine or Slipway says of a login, it never says the password. */
export function assertNoSecret(told: unknown): void {
  const text = JSON.stringify(told);
  for (const secret of [registry.password, login, "wr0ng-canary"]) {
    assert.ok(!text.includes(secret), "a password got out");
  }
}
