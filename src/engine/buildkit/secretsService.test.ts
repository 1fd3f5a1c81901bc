import assert from "node:assert/strict";
import { status, type handleUnaryCall, type ServerUnaryCall } from "@grpc/grpc-js";
import { secretsService } from "./secretsService";
import { textMessage } from "./textMessage";

describe("secretsService", () => {
  const ask = async (id: string): Promise<unknown> => {
    const { getSecret } = secretsService(new Map([["ca", Buffer.from("PEM")]])).implementation;
    return new Promise((resolve) => {
      const call = { request: textMessage(["id"]).encode({ id }) } as unknown as ServerUnaryCall<Buffer, Buffer>;
      (getSecret as handleUnaryCall<Buffer, Buffer>)(call, (error, bytes) => {
        resolve(error === null ? bytes?.toString("latin1") : (error as { code?: unknown }).code);
      });
    });
  };

  it("gives a secret by its ID", async () => {
    assert.equal(await ask("ca"), "\n\x03PEM");
  });

  it("says that there is none, which the builder takes for an optional one that is missing", async () => {
    assert.equal(await ask("other"), status.NOT_FOUND);
  });
});
