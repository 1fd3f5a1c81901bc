import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { freePort } from "./freePort.mjs";

describe("freePort", () => {
  it("gives the wanted port, and another while somebody has it", async () => {
    const port = await freePort(0);
    assert.equal(await freePort(port), port);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    assert.notEqual(await freePort(port), port);
    server.close();
  });
});
