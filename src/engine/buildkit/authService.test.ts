import assert from "node:assert/strict";
import type { handleUnaryCall, ServerUnaryCall } from "@grpc/grpc-js";
import type { RegistryCredentials, RegistryLogin } from "../credentials/RegistryCredentials";
import { authService } from "./authService";
import { textMessage } from "./textMessage";

const request = textMessage(["host"]);
const response = textMessage(["username", "secret"]);

describe("authService", () => {
  const ask = async (
    host: string,
    find: RegistryCredentials["find"],
  ): Promise<{ readonly username: string; readonly secret: string }> => {
    const { credentials } = authService({ find }, {}).implementation;
    const answer = await new Promise<Uint8Array>((resolve, reject) => {
      const call = { request: request.encode({ host }) } as unknown as ServerUnaryCall<Buffer, Buffer>;
      (credentials as handleUnaryCall<Buffer, Buffer>)(call, (error, bytes) => {
        if (error === null && bytes) {
          resolve(bytes);
        } else {
          reject(new Error(String((error as { details?: unknown } | null)?.details)));
        }
      });
    });
    return response.decode(answer);
  };
  const knows = (registry: string, login: RegistryLogin): RegistryCredentials["find"] => {
    return async (target) => Promise.resolve(target.registry === registry ? login : undefined);
  };
  const password = { kind: "password", username: "me", password: "secret" } as const;

  it("gives the login of the host that the builder asks for, and of no other", async () => {
    assert.deepEqual(await ask("quay.io:5000", knows("quay.io:5000", password)), { username: "me", secret: "secret" });
    assert.deepEqual(await ask("quay.io", knows("quay.io:5000", password)), { username: "", secret: "" });
    assert.deepEqual(await ask("", knows("", password)), { username: "", secret: "" });
  });

  it("knows what the builder calls Docker Hub", async () => {
    assert.equal((await ask("registry-1.docker.io", knows("docker.io", password))).username, "me");
  });

  it("gives an identity token without a name", async () => {
    const find = knows("quay.io", { kind: "identity-token", token: "t0k" });
    assert.deepEqual(await ask("quay.io", find), { username: "", secret: "t0k" });
  });

  it("says nothing of why a login could not be looked up", async () => {
    const find = async (): Promise<never> => Promise.reject(new Error("s3cret"));
    await assert.rejects(ask("quay.io", find), { message: "the logins could not be looked up" });
  });
});
