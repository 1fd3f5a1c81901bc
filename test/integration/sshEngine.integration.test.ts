import assert from "node:assert/strict";
import { once } from "node:events";
import { statSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EngineLostError } from "../../src/core/errors/engineErrors";
import { connectEngine } from "../../src/engine/discovery/connectEngine";
import { freePort } from "./TestSshServer";
import { engineSocket, isLost, ping, useSshServer } from "./useSshServer";

describe("an engine behind ssh", () => {
  const { server, address, open, logins } = useSshServer();

  it("answers many requests at the same time through one login, in a folder that is closed to others", async () => {
    const connection = open();
    const answers = await Promise.all(Array.from({ length: 5 }, async () => connection.text(ping)));
    assert.deepEqual(answers, ["OK", "OK", "OK", "OK", "OK"]);
    assert.equal(await connection.text(ping), "OK");
    assert.equal(logins(), 1);
    const { target } = connection;
    assert.ok("socketPath" in target);
    assert.equal(statSync(dirname(target.socketPath)).mode & 0o777, 0o700);
    assert.equal(statSync(target.socketPath).mode & 0o077, 0);
  });

  it("is found, and answers dockerode, too", async () => {
    const explicit = { address: `ssh://engine${engineSocket}`, source: "--engine" };
    const engine = await connectEngine({ explicit });
    assert.deepEqual(engine.endpoint, { address: address(), source: "--engine" });
    assert.ok((await engine.listImages({ labels: {} })).length > 0);
    await engine.close();
  });

  it("leaves the forwards of ~/.ssh/config to the user's own sessions", async () => {
    const port = await freePort();
    await server().configure({ ssh: `LocalForward 127.0.0.1:${String(port)} localhost:1` });
    assert.equal(await open().text(ping), "OK");
    const socket = connect(port, "127.0.0.1");
    await assert.rejects(once(socket, "connect"), { code: "ECONNREFUSED" });
  });

  it("does not answer any more once it is closed, nor does it log in again", async () => {
    const connection = open();
    assert.equal(await connection.text(ping), "OK");
    await connection.close();
    await isLost(connection.text(ping), "no-answer", /was closed/);
    assert.equal(logins(), 1);
  });

  it("ends with the signal's reason when one who waits gives up, while others go on waiting", async () => {
    const connection = open();
    const reason = new Error("enough");
    const controller = new AbortController();
    const other = connection.text(ping);
    const impatient = connection.text({ ...ping, signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(impatient, reason);
    assert.equal(await other, "OK");
    assert.equal(logins(), 1);
  });

  // At whatever point that is.
  for (const ms of [0, 20, 50, 100]) {
    it(`is closed while it is being reached, after ${String(ms)} ms`, async () => {
      const connection = open();
      const asking = connection.text(ping).catch((error: unknown) => error);
      await delay(ms);
      await connection.close();
      const outcome = await asking;
      assert.ok(outcome === "OK" || outcome instanceof EngineLostError, String(outcome));
    });
  }
});
