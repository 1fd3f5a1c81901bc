import assert from "node:assert/strict";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { networkVariables } from "./networkVariables";

describe("networkVariables", () => {
  const variables = async (
    network: Partial<NetworkSettings>,
    { env = {}, image = [] as readonly string[] } = {},
  ): Promise<Readonly<Record<string, string>>> =>
    networkVariables({
      engine: {
        inspectImage: async (): Promise<unknown> => Promise.resolve({ config: { env: image } }),
      } as unknown as ContainerEngine,
      image: "busybox",
      run: { env, ports: [], workspaceFolder: "/workspace" },
      network: { ...NO_NETWORK_SETTINGS, ...network },
    });
  const certificates = {
    sha256: "",
    bundle: new Uint8Array(),
    tar: (): never => {
      throw new Error("not here");
    },
  };

  it("are none where there is nothing to tell", async () => {
    assert.deepEqual(await variables({}), {});
  });

  it("are the proxies", async () => {
    assert.deepEqual(await variables({ proxies: { HTTP_PROXY: "p" } }), { HTTP_PROXY: "p" });
  });

  it("lead to the certificates, but for what the user or the image sets", async () => {
    const found = await variables(
      { certificates },
      { env: { PIP_CERT: "/p" }, image: ["PATH=/bin", "SSL_CERT_FILE=/own"] },
    );
    assert.equal(found["NODE_EXTRA_CA_CERTS"], "/etc/slipway/ca.pem");
    assert.ok(!("PIP_CERT" in found) && !("SSL_CERT_FILE" in found));
  });
});
