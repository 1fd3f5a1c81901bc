import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { EngineUnavailableError, type EngineAttempt } from "../../src/core/errors/engineErrors";
import { connectEngine } from "../../src/engine/discovery/connectEngine";
import { isLost, ping, useSshServer } from "./useSshServer";

describe("an engine behind ssh is not used, and the reason is told,", () => {
  const { server, open, attempts } = useSshServer();

  /** Starts the server anew with this configuration, for the time of `action`. */
  async function withServer(sshd: string, action: () => Promise<void>): Promise<void> {
    await server().kill();
    await server().configure({ sshd });
    await server().listen();
    try {
      await action();
    } finally {
      await server().kill();
      await server().configure();
      await server().listen();
    }
  }
  /** What connecting fails with. */
  async function unavailable(): Promise<{ readonly error: EngineUnavailableError; readonly attempt: EngineAttempt }> {
    const explicit = { address: "ssh://engine", source: "--engine" };
    const error: unknown = await connectEngine({ explicit }).catch((reason: unknown) => reason);
    assert.ok(error instanceof EngineUnavailableError, String(error));
    const [attempt] = error.attempts;
    assert.ok(attempt !== undefined);
    return { error, attempt };
  }

  it("when its host key is not known; it is not asked again and again", async () => {
    await server().configure({ knownHost: "" });
    const connection = open();
    const advice = /the host key of engine is not known; run "ssh engine" once in a terminal to accept it\.$/;
    await isLost(connection.text(ping), "login-refused", advice);
    await isLost(connection.text(ping), "login-refused", advice);
    assert.equal(attempts(), 1);
    await server().configure();
    assert.equal(await open().text(ping), "OK");
  });

  it("when its host key is another one than before", async () => {
    await server().configure({ knownHost: "other-host" });
    await isLost(open().text(ping), "login-refused", /host key of engine has changed since it was accepted/);
  });

  it("when it refuses the key", async () => {
    await server().configure({ key: "other-user" });
    const connection = open({ user: userInfo().username });
    const advice = /engine refuses the login \(.*Permission denied \(publickey\)\.\); run "ssh \w+@engine" once/;
    await isLost(connection.text(ping), "login-refused", advice);
    await isLost(connection.text(ping), "login-refused", advice);
    assert.equal(attempts(), 1);
  });

  it("when no host has this name", async () => {
    await isLost(open({ host: "no-such-host.invalid" }).text(ping), "unknown-host", /no host named no-such-host/);
  });

  it("when nothing listens there", async () => {
    await server().kill();
    try {
      await isLost(open().text(ping), "no-answer", /cannot be reached with ssh .*Connection refused/);
    } finally {
      await server().listen();
    }
  });

  it("when there is no such socket over there", async () => {
    const text = /nothing answers at \/no\/such\.sock on engine: no engine listens there/;
    await isLost(open({ socketPath: "/no/such.sock" }).text(ping), "not-found", text);
  });

  for (const forbids of ["AllowStreamLocalForwarding no", "DisableForwarding yes"]) {
    it(`when its ssh server forwards no sockets (${forbids}), with nothing to do on this machine`, async () => {
      await withServer(forbids, async () => {
        const connection = open();
        await isLost(connection.text(ping), "not-found", /AllowStreamLocalForwarding/);
        const { error, attempt } = await unavailable();
        assert.match(attempt.detail, /AllowStreamLocalForwarding/);
        assert.doesNotMatch(error.message, /usermod/);
      });
    });
  }

  it("as an attempt with what to do", async () => {
    await server().configure({ knownHost: "" });
    const { error, attempt } = await unavailable();
    assert.equal(error.action, "login");
    assert.equal(attempt.problem, "login-refused");
  });
});
