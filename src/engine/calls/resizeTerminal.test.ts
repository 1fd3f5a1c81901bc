import assert from "node:assert/strict";
import { EngineLostError } from "../../core/errors/engineErrors";
import { DEADLINES } from "../Deadlines";
import { RefusedCall } from "../RefusedCall";
import { FakePeer } from "../../../test/peer/FakePeer";
import { EngineClient } from "./EngineClient";
import { resizeTerminal } from "./resizeTerminal";

describe("resizeTerminal", () => {
  let peer: FakePeer;
  let client: EngineClient;

  beforeEach(async () => {
    peer = await FakePeer.listen();
    client = new EngineClient(peer.connect().endpoint, { ...DEADLINES, answerMs: 200 });
  });
  afterEach(async () => {
    await client.close();
    await peer.close();
  });

  it("asks again until it is done", async () => {
    let asked = 0;
    await resizeTerminal(client, {
      ask: async () => (++asked < 3 ? Promise.reject(new RefusedCall(500, "not yet")) : Promise.resolve()),
    });
    assert.equal(asked, 3);
  });

  it("is no failure where an engine refuses to the last, or does not answer at all", async () => {
    let asked = 0;
    const refuse = async (): Promise<never> => {
      asked++;
      return Promise.reject(new RefusedCall(500, "no"));
    };
    await resizeTerminal(client, { ask: refuse });
    assert.equal(asked, 5);
    await resizeTerminal(client, { ask: async () => new Promise(() => undefined) });
  });

  it("fails with the engine", async () => {
    await assert.rejects(
      resizeTerminal(client, { ask: async () => Promise.reject(new Error("read ECONNRESET")) }),
      EngineLostError,
    );
  });
});
