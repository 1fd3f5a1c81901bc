import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import type { PortRequest } from "../ports/ContainerTypes";
import { findPortInUse } from "./findPortInUse";

describe("findPortInUse", () => {
  let server: Server;
  let taken: number;

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    taken = address.port;
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const request = (hostPort: number | undefined, more: Partial<PortRequest> = {}): PortRequest => ({
    containerPort: 80,
    protocol: "tcp",
    hostIp: "127.0.0.1",
    hostPort,
    ...more,
  });

  it("names the port that another program has", async () => {
    assert.deepEqual(await findPortInUse([request(undefined), request(taken)]), {
      hostIp: "127.0.0.1",
      hostPort: taken,
    });
  });

  it("sees that a port is taken on one of all addresses", async () => {
    assert.deepEqual(await findPortInUse([request(taken, { hostIp: "0.0.0.0" })]), {
      hostIp: "0.0.0.0",
      hostPort: taken,
    });
  });

  it("finds none where the engine chooses, for UDP, and without ports", async () => {
    assert.equal(await findPortInUse([]), undefined);
    assert.equal(await findPortInUse([request(undefined), request(taken, { protocol: "udp" })]), undefined);
  });

  it("finds none for a free port, and leaves it free", async () => {
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await findPortInUse([request(taken)]), undefined);
    assert.equal(await findPortInUse([request(taken)]), undefined);
    server = createServer();
    await new Promise<void>((resolve) => server.listen(taken, "127.0.0.1", resolve));
  });

  it("does not blame another program for an address that this machine does not have", async () => {
    // RFC 5737: an address for documentation, which no machine has.
    assert.equal(await findPortInUse([request(taken, { hostIp: "192.0.2.1" })]), undefined);
  });
});
